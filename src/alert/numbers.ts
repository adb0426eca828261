// The numbers of alerts as their owner reads them: #43-#47, #49.

/** At most this many characters; where gaps make it longer, first and last stand for all. */
const LENGTH_MAX = 24

/** `numbers` in any order, each with `mark` before it; the empty list gives ''. */
export function formatNumbers(numbers: readonly number[], mark = '#'): string {
  const sorted = [...new Set(numbers)].sort((left, right) => left - right)
  const ranges: { first: number; last: number }[] = []
  for (const number of sorted) {
    const range = ranges.at(-1)
    if (range && range.last === number - 1) range.last = number
    else ranges.push({ first: number, last: number })
  }
  const format = ({ first, last }: { readonly first: number; readonly last: number }) =>
    first === last ? `${mark}${first}` : `${mark}${first}-${mark}${last}`
  const text = ranges.map(format).join(', ')
  const [first] = sorted
  const last = sorted.at(-1)
  if (text.length <= LENGTH_MAX || first === undefined || last === undefined) return text
  return format({ first, last })
}
