// The numbers of merged alerts as their owner reads them: #43-#47, #49.

/** At most this many characters; where gaps make it longer, first and last stand for all. */
const LENGTH_MAX = 24

/** `numbers` in any order; the empty list gives ''. */
export function formatNumbers(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((left, right) => left - right)
  const ranges: { first: number; last: number }[] = []
  for (const number of sorted) {
    const range = ranges.at(-1)
    if (range && range.last === number - 1) range.last = number
    else ranges.push({ first: number, last: number })
  }
  const text = ranges.map(formatRange).join(', ')
  const [first] = sorted
  const last = sorted.at(-1)
  if (text.length <= LENGTH_MAX || first === undefined || last === undefined) return text
  return formatRange({ first, last })
}

function formatRange({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? `#${first}` : `#${first}-#${last}`
}
