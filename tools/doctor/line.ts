// A line of the doctor's: what was looked at, how it is, and what to do where it is not well.

export type Line = {
  readonly result: 'ok' | 'warn' | 'fail'
  readonly text: string
  /** Absent where nothing is to be done. */
  readonly act?: string
}

export const ok = (text: string): Line => ({ result: 'ok', text })
export const warn = (text: string, act: string): Line => ({ result: 'warn', text, act })
export const fail = (text: string, act: string): Line => ({ result: 'fail', text, act })

export function printed({ result, text, act }: Line): string {
  return act === undefined
    ? `  ${result.padEnd(4)}  ${text}`
    : `  ${result.padEnd(4)}  ${text}\n        ${act}`
}

/** Something that throws is a line as well: the others are still looked at. */
export async function lineOr(
  what: string,
  look: () => Promise<readonly Line[]>,
): Promise<readonly Line[]> {
  try {
    return await look()
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return [fail(`${what}: ${words}`, 'It could not be looked at; see the words above.')]
  }
}
