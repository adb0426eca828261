// What has to happen now and then, or the simulator proves nothing: each rare branch, counted. A run over many
// seeds lists the ones it never reached.

import type { CallbackFacts, CallFacts, Ledger } from './ledger.ts'

export const SOMETIMES = {
  d1_refused: 'D1 refused a call before it did anything',
  d1_lost_after: 'D1 committed, and its answer was an error',
  d1_silent: 'D1 never answered a call it did not carry out',
  d1_silent_after: 'D1 committed and never answered',
  queue_refused: 'a queue refused a message',
  queue_lost_after: 'a queue took a message, and its answer was an error',
  queue_doubled: 'a queue delivered a message twice',
  queue_dead: 'a message used up its retries',
  batch_cut: 'an invocation died with messages in hand',
  isolate_killed: 'an isolate was killed',
  killed_in_call: 'an isolate was killed while a provider was being called',
  event_deferred: 'a login went into the queue because D1 did not take it',
  event_refused: 'neither D1 nor the queue took a login: 503',
  event_duplicate: 'a repeated webhook was answered as a duplicate',
  lock_at_once: 'a tap was answered as locked',
  lock_deferred: 'a tap went into the queue because D1 did not take it',
  lock_failed: 'a tap was answered as failed, and the owner tapped again',
  lock_by_reply: 'a reply locked',
  lock_by_api: 'the exchange locked',
  lock_again: 'an account was locked while it was held',
  lock_by_card: 'a card locked',
  lock_by_passkey: 'a passkey locked',
  lock_by_contact: 'a trusted contact locked',
  lock_by_code: 'a code typed on the lock page locked',
  contact_made: 'a trusted contact was named, and knows it',
  asked_first: 'after a false lock, the same way asked the owner first',
  lock_when_asked: 'an owner who was asked first locked',
  lock_standing: 'pressed again while its lock stood, a way made no second one',
  card_made: 'a lock card was made',
  lock_answered_partly:
    'the exchange said of single actions of a lock what became of them, or spoke of them in vain',
  action_taken_back: 'the exchange said that an action had failed which it had said was done',
  action_failed: 'an action of a lock was shown as failed',
  hold_lifted: 'a hold was lifted',
  hold_by_login: 'a login that was not recognised held withdrawals',
  hold_by_activity: 'a change inside the account held withdrawals',
  hold_planned: 'an owner planned a hold',
  hold_not_lifted: 'a lift was refused, since the owner had planned the hold',
  released_by_passkey: 'an owner ended a hold with a passkey',
  released_by_code: 'an owner ended a hold with a code',
  proof_too_young: 'an owner had no proof that was old enough to end a hold',
  lift_refused: 'a lift was refused, since it is the owner’s',
  lift_later: 'a lift was put off',
  lift_made: 'a lift that was due was made',
  lift_stopped: 'an owner stopped a lift',
  lift_stop_too_late: 'an owner came too late to stop a lift',
  lift_asked_again: 'a lift that was stopped was asked for again',
  lift_signed: 'an owner signed a hold away',
  hold_not_extended: 'a login or an activity came while one like it held',
  hold_of_strangers: 'what a stranger can cause held nothing',
  hold_lifted_alone: 'a hold that no lock made was lifted',
  activity_told: 'an activity was told alone',
  activity_merged: 'activities were told in one SMS',
  activity_counted: 'an activity was only counted',
  activity_late: 'an activity was posted more than a day late',
  call_ambiguous: 'a provider took a text, and its caller did not learn it',
  call_hung: 'a provider did not answer',
  call_refused_for_good: 'a provider said that there is no such number',
  told_twice: 'an owner was told twice of one login, and there is a reason for it',
  overtaken: 'a silent call was overtaken by another provider, and both took the text',
  asked_twice: 'everyone on a route was silent, and one was asked twice in a round',
  second_wave: 'a missing receipt sent an alert out again',
  alert_merged: 'a login was told in the SMS of another one',
  alert_suppressed: 'a login was not told, for a reason',
  alert_undelivered: 'an alert was given up, and the exchange was told',
  breaker_opened: 'a breaker opened',
  provider_slow: 'a provider was found slow',
  receipt_false: 'a receipt said what was not so',
  receipt_late: 'a receipt came minutes later',
  receipt_forged: 'a forged receipt was refused',
  opted_out: 'an owner sent STOP',
  callback_410: 'the exchange answered a callback with 410',
  callback_again: 'a callback came again after it was confirmed',
  route_weight_changed: 'learning moved a weight',
  account_moved: 'an account from before slots was moved to its slot',
  job_failed: 'a job failed and was retried',
  secrets_rotated: 'every secret was rotated while all went on',
  slot_moved: 'a slot was moved to another database',
  slot_held_up: 'a slot stopped on its way, and went on',
  mover_died: 'somebody handed a slot over, and never came back',
  slot_turned_back: 'a slot that was on its way stayed',
} as const

export type Sometime = keyof typeof SOMETIMES

export type Counter = {
  readonly note: (what: Sometime) => void
  readonly counts: () => ReadonlyMap<Sometime, number>
}

export function createCounter(): Counter {
  const counts = new Map<Sometime, number>()
  return {
    note: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    counts: () => counts,
  }
}

/** Which of them never happened. */
export function neverReached(counts: ReadonlyMap<Sometime, number>): readonly Sometime[] {
  return (Object.keys(SOMETIMES) as Sometime[]).filter((what) => !counts.get(what))
}

/** What only the whole story shows. */
export function noteStory(counter: Counter, ledger: Ledger): void {
  const { calls, callbacks } = ledger
  if (calls.some(({ isTaken, caller }) => isTaken && caller.heard !== 'answer')) {
    counter.note('call_ambiguous')
  }
  const told = calls.filter(({ alertNumbers }) => alertNumbers.length > 0).map(roundAndProvider)
  if (told.length > new Set(told).size) counter.note('asked_twice')
  for (const { type, data } of callbacks) {
    const via = type === 'account.locked' ? OF_WAYS[String(data.via)] : undefined
    if (via) counter.note(via)
    if (type === 'account.locked' && data.via === 'link' && data.alert_id === null) {
      counter.note('lock_when_asked')
    }
    if (type !== 'hold.lifted') continue
    counter.note(data.hold_reason === 'lock' ? 'hold_lifted' : 'hold_lifted_alone')
  }
  for (const { status, code } of ledger.lifts) {
    if (status === 202) counter.note('lift_later')
    const why = status === 409 ? OF_REFUSALS[code ?? ''] : undefined
    if (why) counter.note(why)
  }
  for (const act of ledger.releases) if (act.isReleased) counter.note(`released_by_${act.by}`)
  if (ledger.signs.some(({ isLifted }) => isLifted)) counter.note('lift_signed')
  if (ledger.locks.some(({ isAsked }) => isAsked)) counter.note('asked_first')
  const locks = callbacks.filter(({ type }) => type === 'account.locked')
  const isAgain = ({ accountId, data, at }: CallbackFacts) =>
    locks.some(
      (one) => one.accountId === accountId && one.at < at && one.data.lock_id !== data.lock_id,
    )
  if (locks.some(isAgain)) counter.note('lock_again')
}

function roundAndProvider({ accountId, alertNumbers, provider, caller }: CallFacts): string {
  return [caller.invocation.id, accountId, alertNumbers[0], provider].join(' ')
}

/** `account.locked` by → what it shows. */
const OF_WAYS: Readonly<Record<string, Sometime>> = {
  reply: 'lock_by_reply',
  code: 'lock_by_code',
  card: 'lock_by_card',
  passkey: 'lock_by_passkey',
  contact: 'lock_by_contact',
}

/** A lift's refusal → what it shows. */
const OF_REFUSALS: Readonly<Record<string, Sometime>> = {
  hold_planned: 'hold_not_lifted',
  owner_required: 'lift_refused',
  lift_stopped: 'lift_asked_again',
}

/** Of the Worker's own log lines: event → what it shows. */
const OF_EVENTS: Readonly<Record<string, Sometime>> = {
  'event.deferred': 'event_deferred',
  'lock.deferred': 'lock_deferred',
  'job.failed': 'job_failed',
  'route.weight_changed': 'route_weight_changed',
  'receipt.refused': 'receipt_forged',
  'lock.asked': 'asked_first',
}

/** `line` is one JSON object, as lib/log.ts writes it. */
export function noteLogLine(counter: Counter, line: string): void {
  const event = /^\{"event":"([\w.]+)"/.exec(line)?.[1] ?? ''
  const what = OF_EVENTS[event]
  if (what) counter.note(what)
  if (event === 'sweep.done' && /"part":"slots","count":[1-9]/.test(line))
    counter.note('account_moved')
  if (event === 'breaker.opened') {
    counter.note(line.includes('/slow"') ? 'provider_slow' : 'breaker_opened')
  }
}
