// Lines of a body that is still coming in: as they come, with a bound on each and on all of them together, so that a caller
// has no say in how much is kept. Decodes UTF-8; a line ends in \n, a \r before it goes.

export type Line = {
  /** From `firstNumber` on. */
  readonly number: number
  /** Null for a line that is longer than allowed. */
  readonly text: string | null
}

export type LineLimits = {
  /** In UTF-16 units. */
  readonly lineMax: number
  /** In bytes: what comes after is not read. */
  readonly bodyMax: number
  /** Of the body's first line; 1 where it is left out. */
  readonly firstNumber?: number
}

/** All lines that end within `bodyMax`, blank ones too; returns false where there was more than that. */
export async function* readLines(
  body: ReadableStream<Uint8Array> | null,
  { lineMax, bodyMax, firstNumber = 1 }: LineLimits,
): AsyncGenerator<Line, boolean> {
  if (body === null) return true
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let room = bodyMax
  let number = firstNumber - 1
  let left = ''
  let isTooLong = false

  /** Its beginning was read before. */
  function lineOf(end: string): Line {
    number += 1
    const text = (left + end).replace(/\r$/, '')
    const isRead = !isTooLong && text.length <= lineMax
    left = ''
    isTooLong = false
    return { number, text: isRead ? text : null }
  }

  while (true) {
    const { done, value } = await reader.read()
    const text = done ? decoder.decode() : decoder.decode(value, { stream: true })
    room -= value?.length ?? 0
    if (room < 0) {
      await reader.cancel()
      return false
    }
    const ends = text.split('\n')
    const rest = ends.pop() ?? ''
    for (const end of ends) yield lineOf(end)
    if (isTooLong || left.length + rest.length > lineMax + 1) isTooLong = true
    left = isTooLong ? '' : left + rest
    if (done) {
      if (left !== '' || isTooLong) yield lineOf('')
      return true
    }
  }
}
