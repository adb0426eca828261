// Several databases for the local runtime: their names, and the slots shared out among them. A deployment begins with all
// slots in DB; here empty ones are given away at once, which `npm run move-slot` would take minutes for.

const SLOTS = 256

/** `DB`, `DB_1` … */
export function shardNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? 'DB' : `DB_${index}`))
}

const ownerOf = (slot: number, count: number) => Math.floor((slot * count) / SLOTS)

/** `SHARDS` for as many equal parts. */
export function shardSetting(count: number): string {
  return shardNames(count)
    .map((name, index) => {
      const slots = Array.from({ length: SLOTS }, (_, slot) => slot).filter(
        (slot) => ownerOf(slot, count) === index,
      )
      return `${slots.at(0)}-${slots.at(-1)}:${name}`
    })
    .join(' ')
}

/** For each database: what its table `slots` says at the beginning. */
export function firstSlots(
  count: number,
  index: number,
): readonly { readonly slot: number; readonly state: string; readonly movedTo: string | null }[] {
  const names = shardNames(count)
  return Array.from({ length: SLOTS }, (_, slot) => slot).flatMap((slot) => {
    const owner = ownerOf(slot, count)
    if (index === 0 && owner !== 0) return [{ slot, state: 'moved', movedTo: names[owner] ?? null }]
    return index !== 0 && owner === index ? [{ slot, state: 'here', movedTo: null }] : []
  })
}
