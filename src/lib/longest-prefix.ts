// Tables by the beginning of a number: +1 242 is not +1. Knows no number and no table.

/** What `find` has for the longest beginning of `text` that it knows; undefined when it knows none. */
export function findByLongestPrefix<T>(
  text: string,
  find: (prefix: string) => T | undefined,
): T | undefined {
  for (let length = text.length; length > 0; length -= 1) {
    const found = find(text.slice(0, length))
    if (found !== undefined) return found
  }
  return undefined
}
