// A provider whose calls all hang shows it by how many are under way, long before the first of them counts as silent: under
// a hundred logins a second, sixty would come to it meanwhile. Said of this moment alone and never stored: the first answer
// gives the provider its place back. Of calls that stray one by one it says nothing.

type CallUnderWay = {
  readonly startedAt: number
  /** By then it has ended, whatever became of its invocation. */
  readonly until: number
}

/** Known to one isolate; losing it costs a few texts their head start. */
export type CallsUnderWay = {
  readonly calls: Map<string, readonly CallUnderWay[]>
  /** Provider → when it last answered, whatever it said. */
  readonly heardAt: Map<string, number>
}

/** An answer within this time is usual; who is slower answers all the time, once the first answer is there. */
const MUTE_AFTER_MS = 250
/** Fewer may be strays of one moment. */
const MUTE_CALLS_LEAST = 5

export function createCallsUnderWay(): CallsUnderWay {
  return { calls: new Map(), heardAt: new Map() }
}

/** `timeoutMs`: its deadline. */
export function noteCalled(
  { calls }: CallsUnderWay,
  { provider, startedAt }: { readonly provider: string; readonly startedAt: number },
  timeoutMs: number,
): void {
  const left = (calls.get(provider) ?? []).filter(({ until }) => until > startedAt)
  calls.set(provider, [...left, { startedAt, until: startedAt + timeoutMs }])
}

/** `isHeard`: it answered, be it a refusal. */
export function noteEnded(
  { calls, heardAt }: CallsUnderWay,
  call: { readonly provider: string; readonly startedAt: number; readonly isHeard: boolean },
  now: number,
): void {
  const left = [...(calls.get(call.provider) ?? [])]
  const index = left.findIndex(({ startedAt }) => startedAt === call.startedAt)
  if (index !== -1) left.splice(index, 1)
  calls.set(call.provider, left)
  if (call.isHeard) heardAt.set(call.provider, now)
}

/** Several calls wait, and nothing has been heard for as long. */
export function isMute({ calls, heardAt }: CallsUnderWay, provider: string, now: number): boolean {
  const since = now - MUTE_AFTER_MS
  if ((heardAt.get(provider) ?? 0) > since) return false
  const waiting = (calls.get(provider) ?? []).filter(
    ({ startedAt, until }) => startedAt <= since && until > now,
  )
  return waiting.length >= MUTE_CALLS_LEAST
}
