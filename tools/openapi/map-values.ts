// A record with each value made into another. Pure.

export function mapValues<Key extends string, Value, Result>(
  record: Readonly<Partial<Record<Key, Value>>>,
  map: (value: Value, key: Key) => Result,
): Record<string, Result> {
  const keys = Object.keys(record) as Key[]
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = record[key]
      return value === undefined ? [] : [[key, map(value, key)]]
    }),
  )
}
