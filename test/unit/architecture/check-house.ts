// Holds arrows against the plan. Pure, so that a planted wrong arrow can show that it would be found.

type Plan = readonly (readonly [place: string, ...knows: string[]])[]

export type Arrow = { readonly from: string; readonly to: string; readonly file: string }

/** Every way in which `arrows` and `plan` disagree, as sentences; none when they agree. */
export function findFaults(plan: Plan, arrows: readonly Arrow[]): readonly string[] {
  return [...faultsOfPlan(plan), ...faultsOfArrows(plan, arrows), ...unusedArrows(plan, arrows)]
}

function faultsOfPlan(plan: Plan): readonly string[] {
  const order = plan.map(([place]) => place)
  return plan.flatMap(([place, ...knows], height) =>
    knows
      .filter((to) => !order.slice(0, height).includes(to))
      .map((to) => `the plan lets ${place} know ${to}, which does not stand below it`),
  )
}

function faultsOfArrows(plan: Plan, arrows: readonly Arrow[]): readonly string[] {
  const height = new Map(plan.map(([place], index) => [place, index]))
  const allowed = new Set(
    plan.flatMap(([place, ...knows]) => knows.map((to) => `${place} → ${to}`)),
  )
  return arrows.flatMap(({ from, to, file }) => {
    const fromHeight = height.get(from)
    const toHeight = height.get(to)
    if (fromHeight === undefined) return [`${from} has no place in the plan`]
    if (to === 'lib' && from !== 'lib') return []
    if (toHeight === undefined) return [`${file} imports ${to}, which has no place in the plan`]
    if (toHeight >= fromHeight) return [`${file} imports upward: ${from} → ${to}`]
    return allowed.has(`${from} → ${to}`) ? [] : [`${file} makes a new arrow: ${from} → ${to}`]
  })
}

/** What the plan allows and nobody needs. */
function unusedArrows(plan: Plan, arrows: readonly Arrow[]): readonly string[] {
  const used = new Set(arrows.map(({ from, to }) => `${from} → ${to}`))
  return plan.flatMap(([place, ...knows]) =>
    knows
      .filter((to) => !used.has(`${place} → ${to}`))
      .map((to) => `nothing needs the arrow ${place} → ${to}`),
  )
}

/** Pairs that import each other, whatever the plan says. */
export function mutualPairs(arrows: readonly Arrow[]): readonly string[] {
  const used = new Set(arrows.map(({ from, to }) => `${from} → ${to}`))
  return [...used]
    .map((arrow) => arrow.split(' → '))
    .filter(([from = '', to = '']) => from < to && used.has(`${to} → ${from}`))
    .map(([from, to]) => `${from} and ${to} import each other`)
}
