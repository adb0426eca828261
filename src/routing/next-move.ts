// What a round does next, given the calls that are under way. Pure; see failover.ts, which carries it out.

/** More would be paid for, and read, without being sooner. */
const CALLS_AT_ONCE = 2

/**
 * There is always one call that may still answer in time, as long as anybody is left to ask: a call that was
 * passed over, since it has been silent for too long, is none.
 */
export function nextMove(
  callsLeft: number,
  running: readonly { readonly isPassed: boolean }[],
): 'ask' | 'wait' | 'end' {
  if (callsLeft === 0) return running.length === 0 ? 'end' : 'wait'
  const isWaitedFor = running.some(({ isPassed }) => !isPassed)
  return isWaitedFor || running.length >= CALLS_AT_ONCE ? 'wait' : 'ask'
}
