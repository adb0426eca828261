// When the next provider is asked beside one that is silent: after how long, learnt from its answers, and how often,
// within a budget, since each such call may be a second SMS. Known to one isolate alone; losing it costs little.

/** Of accepted calls; more than this is another hour's traffic. */
const ANSWERS_KEPT = 64
/** From so many on they say something. */
const ANSWERS_LEAST = 8
const PERCENTILE = 0.95
const MARGIN_MS = 100
/** The bounds are those of this deadline; whoever grants a longer one is patient in proportion. */
const USUAL_DEADLINE_MS = 1_500
const HEDGE_LEAST_MS = 400
const HEDGE_MOST_MS = 800
const HEDGE_UNLEARNT_MS = 600
/** Pairs of provider and country; far more than are in use at once. */
const PAIRS_MAX = 500

const BUDGET_AT_START = 5
const BUDGET_MAX = 10
const BUDGET_PER_CALL = 0.02

export type HedgeMemory = {
  /** Provider and country → milliseconds of its last accepted calls, oldest first. */
  readonly answersMs: Map<string, number[]>
  /** Provider → by when each of its calls that are silent now will have ended, whatever becomes of its invocation. */
  readonly silentUntil: Map<string, number[]>
  budget: number
}

export function createHedgeMemory(): HedgeMemory {
  return { answersMs: new Map(), silentUntil: new Map(), budget: BUDGET_AT_START }
}

export function noteAnswer(
  memory: HedgeMemory,
  { provider, country }: { readonly provider: string; readonly country: string },
  durationMs: number,
): void {
  const key = `${provider}/${country}`
  const known = memory.answersMs.get(key) ?? []
  if (known.length === 0 && memory.answersMs.size >= PAIRS_MAX) return
  memory.answersMs.set(key, [...known.slice(1 - ANSWERS_KEPT), durationMs])
}

/** How long a call with a deadline of `timeoutMs` may be silent, in milliseconds. */
export function hedgeMs(
  memory: HedgeMemory,
  { provider, country }: { readonly provider: string; readonly country: string },
  timeoutMs: number,
): number {
  const patience = Math.max(timeoutMs / USUAL_DEADLINE_MS, 1)
  const known = memory.answersMs.get(`${provider}/${country}`) ?? []
  if (known.length < ANSWERS_LEAST) return HEDGE_UNLEARNT_MS * patience
  const sorted = [...known].sort((a, b) => a - b)
  const usualMs = sorted[Math.ceil(sorted.length * PERCENTILE) - 1] ?? HEDGE_UNLEARNT_MS
  return Math.min(
    Math.max(usualMs + MARGIN_MS, HEDGE_LEAST_MS * patience),
    HEDGE_MOST_MS * patience,
  )
}

/** Each call earns a little. */
export function earnHedge(memory: HedgeMemory): void {
  memory.budget = Math.min(memory.budget + BUDGET_PER_CALL, BUDGET_MAX)
}

/** Whether one more may be made; `isLifted`: without asking what it costs. */
export function spendHedge(memory: HedgeMemory, isLifted: boolean): boolean {
  if (isLifted) return true
  if (memory.budget < 1) return false
  memory.budget -= 1
  return true
}

export function noteSilent(memory: HedgeMemory, provider: string, until: number): void {
  memory.silentUntil.set(provider, [...(memory.silentUntil.get(provider) ?? []), until])
}

/** A call that was silent has ended. */
export function noteHeard(memory: HedgeMemory, provider: string, until: number): void {
  const left = [...(memory.silentUntil.get(provider) ?? [])]
  const index = left.indexOf(until)
  if (index !== -1) left.splice(index, 1)
  if (left.length === 0) memory.silentUntil.delete(provider)
  else memory.silentUntil.set(provider, left)
}

/** How many calls of `provider` are silent now. */
export function silentCalls(memory: HedgeMemory, provider: string, now: number): number {
  const known = memory.silentUntil.get(provider) ?? []
  return known.filter((until) => until > now).length
}
