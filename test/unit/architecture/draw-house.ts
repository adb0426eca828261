// Draws the plan: a Mermaid chart of the arrows that no longer path already implies, and the whole list of
// arrows below it, which is what the test compares with the source.

type Plan = readonly (readonly [place: string, ...knows: string[]])[]

/** Arrows without those that a longer path implies: fewer lines, the same order. */
export function essentialArrows(plan: Plan): readonly (readonly [from: string, to: string])[] {
  const knows = new Map(plan.map(([place, ...others]) => [place, others]))
  const reaches = (from: string, to: string): boolean =>
    (knows.get(from) ?? []).some((next) => next === to || reaches(next, to))
  return plan.flatMap(([place, ...others]) =>
    others
      .filter((to) => !others.some((between) => between !== to && reaches(between, to)))
      .map((to) => [place, to] as const),
  )
}

/** The drawing of docs/architecture.md, highest place first. */
export function drawHouse(plan: Plan): string {
  const chart = [
    '```mermaid',
    'flowchart TD',
    ...[...essentialArrows(plan)].reverse().map(([from, to]) => `  ${node(from)} --> ${node(to)}`),
    '```',
  ]
  const rows = [...plan]
    .reverse()
    .map(([place, ...others]) => `| \`${place}\` | ${others.map((to) => `\`${to}\``).join(' ')} |`)
  return [...chart, '', '| place | knows, beside `lib` |', '|---|---|', ...rows].join('\n')
}

/** Mermaid takes no dot in an id, and `end` is a word of its own. */
function node(place: string): string {
  return place.endsWith('.ts') ? `${place.replace('.ts', '')}-ts["${place}"]` : place
}
