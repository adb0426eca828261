// Reads the walks of docs/architecture.md: numbered steps under a heading "The way of …", each with a file, a
// function and what happens there. A step that begins with an arrow is reached by something that travels:
// a queue message, a provider's call, a person's tap.

export type Step = {
  /** Below src/. */
  readonly file: string
  readonly name: string
  readonly travels: boolean
}

export type Walk = { readonly title: string; readonly steps: readonly Step[] }

const STEP = /^\d+\. (→ )?.*?`src\/([\w/.-]+\.ts)` `(\w+)`/

export function readWalks(document: string): readonly Walk[] {
  return document
    .split(/^## /m)
    .filter((section) => section.startsWith('The way of'))
    .map((section) => {
      const [title = '', ...lines] = section.split('\n')
      const steps = lines.flatMap((line): readonly Step[] => {
        const step = STEP.exec(line)
        if (!step) return []
        const [, arrow, file = '', name = ''] = step
        return [{ file, name, travels: arrow !== undefined }]
      })
      return { title: title.trim(), steps }
    })
}
