// What an owner reads off an alert's text: its numbers, the link, the code.

export function alertNumbersIn(text: string): readonly number[] {
  const list = /\((#[\d#, -]+)\)/.exec(text)?.[1] ?? /#\d+(?:(?:-|, )#\d+)*/.exec(text)?.[0] ?? ''
  return [...list.matchAll(/#(\d+)(?:-#(\d+))?/g)].flatMap(([, first, last]) => {
    const from = Number(first)
    return Array.from({ length: Number(last ?? first) - from + 1 }, (_one, index) => from + index)
  })
}

export function linkIn(text: string): string | null {
  return /https:\/\/\S+\/l\/[\w.-]+/.exec(text)?.[0] ?? null
}

export function codeIn(text: string): string | null {
  return /LOCK ([2-9A-Z]{4})\b/.exec(text)?.[1] ?? null
}
