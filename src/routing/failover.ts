// One round over a route: a call that is silent for long is not waited for but overtaken, a failure moves on at
// once, the first acceptance wins. Where all are silent the first is asked once more: a call that went astray says little
// of the next one. Every attempt is kept. Calls, timers and budget are passed in, so this stays free of fetch and clock.

import type { Cancel, Ports } from '../lib/ports.ts'
import { endsAsking, isDeniedByAll, type NumberReport } from '../sms/number-verdict.ts'
import { OUTCOME_CLASSES } from '../sms/outcome-classes.ts'
import type { SendOutcome } from '../sms/provider.ts'
import type { SmsProvider } from '../sms/registry.ts'
import { nextMove } from './next-move.ts'
import type { RouteStep } from './route.ts'

export type CallResult = {
  readonly provider: SmsProvider
  readonly number: number
  readonly outcome: SendOutcome
  /** Of the number called, ISO 3166-1 alpha-2. */
  readonly country: string
  /** Of the text as this sender sent it. */
  readonly segments: number
  readonly startedAt: number
  readonly durationMs: number
}

/**
 * conclusion | meaning
 * --- | ---
 * `accepted` | a provider took the message
 * `stopped` | the recipient may not be written to, or there is no such number, as two say or one knows (number-verdict.ts)
 * `rejected` | every provider tried refused the text itself: the same text will not fare better later
 * `exhausted` | no provider took it now; later one may
 */
export type RoundConclusion = 'accepted' | 'stopped' | 'rejected' | 'exhausted'

export type Round = {
  readonly conclusion: RoundConclusion
  /** One accepted stands last, the others by number. Who was overtaken has the code `overtaken`. */
  readonly calls: readonly CallResult[]
}

export type FailoverPorts = Pick<Ports, 'after' | 'now'> & {
  /** Makes one attempt, within its own deadline; never throws but for a bug. */
  readonly call: (step: RouteStep, number: number) => Promise<CallResult>
  /** What is kept of an attempt that was not waited for. */
  readonly overtaken: (step: RouteStep, number: number) => CallResult
  /** How long a call may be silent before the next provider is asked beside it. */
  readonly hedgeMs: (step: RouteStep) => number
  /** A call has been silent for so long. True if `next` may be asked beside it; null: nobody could be now. */
  readonly onSilence: (step: RouteStep, number: number, next: RouteStep | null) => boolean
}

export type FailedOver = {
  readonly round: Round
  /** Settles once every overtaken call has answered or met its deadline. */
  readonly later: Promise<readonly CallResult[]>
}

type Running = {
  readonly step: RouteStep
  readonly number: number
  readonly answer: Promise<CallResult>
  /** When its silence is noticed. */
  ringsAt: number
  stopTimer: Cancel
  isPassed: boolean
}

/** A timer that rings so much late says that we were kept waiting ourselves, and perhaps the answer with us. */
const KEPT_WAITING_MS = 100
/** Then the answer gets as long again, but no longer than this. */
const GRACE_MOST_MS = 400

/** Asks the providers of `route` in order; attempt numbers go on from `firstNumber`. */
export function failOver(
  route: readonly RouteStep[],
  firstNumber: number,
  ports: FailoverPorts,
): Promise<FailedOver> {
  const { promise, resolve, reject } = Promise.withResolvers<FailedOver>()
  const running: Running[] = []
  const finished: CallResult[] = []
  let asked = 0
  let callsLeft = route.length
  /** The route, and who is asked once more. */
  const steps = [...route]
  let hasEnded = false

  function ask(step: RouteStep): void {
    const number = firstNumber + asked
    asked += 1
    callsLeft -= 1
    const answer = ports.call(step, number)
    const call: Running = { step, number, answer, ringsAt: 0, stopTimer: () => {}, isPassed: false }
    ringAfter(call, ports.hedgeMs(step))
    running.push(call)
    answer.then((result) => onAnswer(call, result), reject)
  }

  function ringAfter(call: Running, delayMs: number): void {
    call.ringsAt = ports.now() + delayMs
    call.stopTimer = ports.after(delayMs, () => onSilent(call))
  }

  function onSilent(call: Running): void {
    if (!running.includes(call)) return
    const lateMs = ports.now() - call.ringsAt
    if (lateMs > KEPT_WAITING_MS) {
      ringAfter(call, Math.min(lateMs, GRACE_MOST_MS))
      return
    }
    const again = isNobodyHeard(call) ? (route[0] ?? null) : null
    const hasRoom = !hasEnded && running.length === 1 && callsLeft > 0
    const next = again ?? (hasRoom ? (route[asked] ?? null) : null)
    // Once the round is over it is still worth knowing who does not answer.
    const isAllowed = ports.onSilence(call.step, call.number, next)
    call.isPassed = next === null || again !== null || isAllowed
    if (again && isAllowed) {
      steps.push(again)
      callsLeft += 1
    }
    move()
  }

  /** Of two or more who were asked, and this is the last of them: that many calls astray are chance, not a sign. */
  function isNobodyHeard(call: Running): boolean {
    const isFirstTime = steps.length === route.length && route.length > 1
    const areAllAsked = !hasEnded && callsLeft === 0
    const areSilent = running.every((one) => one === call || one.isPassed)
    const areLate = finished.every(({ outcome }) => outcome.class === 'ambiguous')
    return isFirstTime && areAllAsked && areSilent && areLate
  }

  function onAnswer(call: Running, result: CallResult): void {
    call.stopTimer()
    running.splice(running.indexOf(call), 1)
    if (hasEnded) return
    finished.push(result)
    if (result.outcome.class === 'accepted') {
      end('accepted')
      return
    }
    if (endsAsking(finished.map(toReport))) {
      end('stopped')
      return
    }
    // A handset that is off is off for every provider: one other opinion, then later.
    if (OUTCOME_CLASSES[result.outcome.class].next === 'one_more') {
      callsLeft = Math.min(callsLeft, running.length > 0 ? 0 : 1)
    }
    move()
  }

  function move(): void {
    if (hasEnded) return
    const next = nextMove(callsLeft, running)
    const step = steps[asked]
    if (next === 'ask' && step) ask(step)
    else if (next !== 'wait') end(endOf(finished, route.length))
  }

  function end(conclusion: RoundConclusion): void {
    hasEnded = true
    const overtaken = running.map(({ step, number }) => ports.overtaken(step, number))
    const isLast = ({ outcome }: CallResult) => Number(outcome.class === 'accepted')
    const calls = [...finished, ...overtaken].sort(
      (a, b) => isLast(a) - isLast(b) || a.number - b.number,
    )
    const later = Promise.allSettled(running.map(({ answer }) => answer)).then((answers) =>
      answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    )
    resolve({ round: { conclusion, calls }, later })
  }

  move()
  return promise
}

/** Nobody took it. Only what is sure, and said by all there were to ask, is more than "not now". */
function endOf(calls: readonly CallResult[], routeLength: number): RoundConclusion {
  if (calls.length < routeLength || calls.length === 0) return 'exhausted'
  if (isDeniedByAll(calls.map(toReport), routeLength)) return 'stopped'
  return calls.every(({ outcome }) => outcome.class === 'message_rejected')
    ? 'rejected'
    : 'exhausted'
}

function toReport({ provider, outcome }: CallResult): NumberReport {
  const code = outcome.class === 'accepted' ? undefined : outcome.code
  return { provider: provider.name, class: outcome.class, code, isReceipt: false }
}
