// Tables whose keys the compiler knows: what Object.entries and Object.fromEntries forget of them.

/** Another table under the same keys, in the same order. */
export function mapValues<Key extends string, From, To>(
  table: Readonly<Record<Key, From>>,
  map: (value: From, key: Key) => To,
): Readonly<Record<Key, To>> {
  const entries = keysOf(table).map((key) => [key, map(table[key], key)])
  return Object.fromEntries(entries) as Record<Key, To>
}

/** Own keys only, in the order they were written in. */
export function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(table) as Key[]
}

export function isKeyOf<Key extends string>(
  table: Readonly<Record<Key, unknown>>,
  text: string,
): text is Key {
  return Object.hasOwn(table, text)
}
