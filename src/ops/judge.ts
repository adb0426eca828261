// What is sick: one rule per kind of incident over facts, `now` passed in. Pure, and without memory: whether anything is
// opened or closed is decide-incidents.ts's. The page, /healthz and the incidents ask the same rules.

import { MINUTE_MS } from '../lib/time.ts'
import { undoneOf } from '../lock/partly-confirmed.ts'
import { breakerGate } from '../routing/breaker.ts'
import type { SampleCell, SampleKind } from '../routing/route-samples.ts'
import type { Facts } from './facts.ts'
import { INCIDENT_KINDS, type IncidentKind, type Severity } from './incident-kinds.ts'
import { agoWords, count } from './plain-words.ts'

/** Something that is sick now. */
export type Finding = {
  readonly kind: IncidentKind
  readonly scope: string
  /** In words, with figures; no number, name or token of anybody. */
  readonly evidence: string
}

export type Health = {
  readonly status: 'well' | Severity
  /** The worst first. */
  readonly findings: readonly Finding[]
}

/** What a passer-by may know. */
export type HealthWord = {
  readonly status: Health['status']
  /** Since when, as far as is known; null while it is well. */
  readonly sinceAt: number | null
}

export const LOCK_LATE_MS = MINUTE_MS
export const ALERT_LATE_MS = MINUTE_MS
/** Some messages come again after seconds, several times. */
export const QUEUE_LATE_MS = 2 * MINUTE_MS
export const CRON_STILL_MS = 3 * MINUTE_MS
export const CALLBACK_LATE_MS = MINUTE_MS
export const GIVEN_UP_MS = 10 * MINUTE_MS
export const DEAD_LETTER_MS = 60 * MINUTE_MS
export const RETENTION_STILL_MS = 15 * MINUTE_MS
export const WALK_MAX_MS = 3 * 24 * 60 * MINUTE_MS
export const SLOT_STILL_MS = 3 * MINUTE_MS
const FULL_PERCENT = 70

/** A first failure may be chance. */
const FAILED_ATTEMPTS = 2
const COUNTRY_MS = 5 * MINUTE_MS
const COUNTRY_FAULTS = 3
const MISSING_RECEIPTS = 5

/** NET and CALLBACKS hold messages back on purpose; their age says nothing. */
const PROMPT_QUEUES = ['alerts', 'sweep']

const RULES: Readonly<Record<Exclude<IncidentKind, 'settings_broken'>, Rule>> = {
  no_provider_accepts: ({ providers, breakers }, now) => {
    const distrusted = new Set(
      breakers.filter((row) => breakerGate(row, now) !== 'closed').map(({ scope }) => scope),
    )
    const isNobodyLeft = providers.length > 0 && providers.every((name) => distrusted.has(name))
    return isNobodyLeft
      ? [{ scope: '*', evidence: `All of ${providers.join(', ')} are distrusted.` }]
      : []
  },
  country_unreachable: ({ evidence }, now) =>
    [
      ...groupBy(
        evidence.filter(({ minuteAt }) => minuteAt > now - COUNTRY_MS),
        'country',
      ),
    ].flatMap(([country, cells]) => {
      const faults = sum(cells, ['fault'])
      if (faults < COUNTRY_FAULTS || sum(cells, ['ok', 'slow']) > 0) return []
      const asked = [...new Set(cells.map(({ provider }) => provider))].join(', ')
      return [
        {
          scope: country,
          evidence: `${count(faults, 'call')} failed, none was taken. Asked: ${asked}.`,
        },
      ]
    }),
  // Where `DB` itself is away nobody comes here: tell-unstored.ts.
  database_unavailable: ({ databases }) =>
    silent(databases).map((name) => ({
      scope: name,
      evidence: 'It refused the minute’s look, or did not answer it in time.',
    })),
  lock_unconfirmed: ({ unconfirmedLocks, partlyConfirmed }, now) => {
    const [oldest] = unconfirmedLocks.filter(({ createdAt }) => now - createdAt > LOCK_LATE_MS)
    const [oldestPart] = partlyConfirmed.filter(({ lockedAt }) => now - lockedAt > LOCK_LATE_MS)
    const words = [
      oldest &&
        `${count(unconfirmedLocks.length, 'lock')} not confirmed, the oldest for ${agoWords(now - oldest.createdAt)}: ${answerWords(oldest)}.`,
      oldestPart &&
        `${count(partlyConfirmed.length, 'lock')} confirmed in part, the oldest for ${agoWords(now - oldestPart.lockedAt)}: ${undoneWords(oldestPart)}.`,
    ].filter((part) => part !== undefined)
    return words.length === 0 ? [] : [{ scope: '*', evidence: words.join(' ') }]
  },
  alert_waiting: ({ waiting }, now) => {
    const late = waiting.filter(({ receivedAt }) => now - receivedAt > ALERT_LATE_MS)
    const [oldest] = late
    if (!oldest) return []
    const words = `${count(late.length, 'alert')} with no provider yet, the oldest for ${agoWords(now - oldest.receivedAt)}.`
    return [{ scope: '*', evidence: words }]
  },
  provider_distrusted: ({ breakers, weights }, now) => {
    const convicted = breakers
      .filter((row) => breakerGate(row, now) !== 'closed')
      .map(({ scope, code, figure, openedAt }) => ({
        scope,
        evidence: `Asked last for ${agoWords(now - openedAt)}: ${figure === '' ? code : `${figure} (${code})`}.`,
      }))
    const lowered = weights
      .filter(
        ({ scope, keptPercent }) =>
          keptPercent < 100 && convicted.every((one) => one.scope !== scope),
      )
      .map(({ scope, keptPercent, reason }) => ({
        scope,
        evidence: `Learning left it ${keptPercent} percent of its traffic: ${reason}.`,
      }))
    return [...convicted, ...lowered]
  },
  receipts_stopped: ({ evidence }) =>
    [...groupBy(evidence, 'provider')].flatMap(([provider, cells]) => {
      const missing = sum(cells, ['missing'])
      if (missing < MISSING_RECEIPTS || sum(cells, ['delivered', 'late', 'failed']) > 0) return []
      return [
        { scope: provider, evidence: `${count(missing, 'receipt')} overdue in 15 min, none came.` },
      ]
    }),
  callbacks_stopped: ({ oldCallbacks, givenUp }, now) => {
    const failing = oldCallbacks.filter(
      ({ type, attempts, createdAt }) =>
        type !== 'account.locked' &&
        attempts >= FAILED_ATTEMPTS &&
        now - createdAt > CALLBACK_LATE_MS,
    )
    const ended = givenUp.filter(({ nextAttemptAt }) => now - nextAttemptAt < GIVEN_UP_MS)
    const [oldest] = failing
    const [newest] = ended
    const words = [
      oldest &&
        `${count(failing.length, 'callback')} refused, the oldest for ${agoWords(now - oldest.createdAt)}: ${answerWords(oldest)}.`,
      newest &&
        `${count(ended.length, 'callback')} given up in ${agoWords(GIVEN_UP_MS)}: ${answerWords(newest)}.`,
    ].filter((part) => part !== undefined)
    return words.length === 0 ? [] : [{ scope: '*', evidence: words.join(' ') }]
  },
  queue_late: ({ queues }, now) =>
    queues.flatMap(({ name, backlog, oldestAt }) => {
      const isLate =
        PROMPT_QUEUES.includes(name) && oldestAt !== null && now - oldestAt > QUEUE_LATE_MS
      if (!isLate) return []
      const words = `The oldest message is ${agoWords(now - oldestAt)} old${backlog === null ? '' : `, of ${backlog}`}.`
      return [{ scope: name, evidence: words }]
    }),
  dead_letters: ({ deadLetters }, now) => {
    const fresh = deadLetters.filter(({ diedAt }) => now - diedAt < DEAD_LETTER_MS)
    if (fresh.length === 0) return []
    const kinds = [...new Set(fresh.map(({ queue, kind }) => `${kind} of ${queue}`))].join(', ')
    return [
      { scope: '*', evidence: `${count(fresh.length, 'message')} in the last hour: ${kinds}.` },
    ]
  },
  database_filling: ({ databases }) =>
    databases.flatMap(({ name, bytes, bytesMax, daysLeft }) => {
      const percent = bytes === null ? 0 : (bytes * 100) / bytesMax
      if (percent <= FULL_PERCENT) return []
      const left = daysLeft === null ? '' : ` At this growth ${count(daysLeft, 'day')} are left.`
      return [{ scope: name, evidence: `${Math.floor(percent)} percent full.${left}` }]
    }),
  slot_frozen: ({ awaySlots }, now) =>
    awaySlots
      .filter(({ changedAt }) => now - changedAt > SLOT_STILL_MS)
      .map(({ slot, to, changedAt }) => ({
        scope: `${to} ${slot}`,
        evidence: `Slot ${slot} is in no database; on its way to ${to} nobody was at it for ${agoWords(now - changedAt)}.`,
      })),
  retention_behind: ({ databases }, now) =>
    databases.flatMap(({ name, walk, retentionAt }) => {
      const roundMs = walk === null ? 0 : now - walk.startedAt
      const stillMs = retentionAt === null ? 0 : now - retentionAt
      const round = `This round began ${agoWords(roundMs)} ago.`
      const still = `Nothing was looked at for ${agoWords(stillMs)}.`
      return [
        ...(roundMs > WALK_MAX_MS ? [{ scope: `${name} accounts`, evidence: round }] : []),
        ...(stillMs > RETENTION_STILL_MS ? [{ scope: `${name} sweep`, evidence: still }] : []),
      ]
    }),
  cron_still: ({ cronAt }, now) =>
    isCronStill(cronAt, now)
      ? [{ scope: 'cron', evidence: `It ran last ${agoWords(now - cronAt)} ago.` }]
      : [],
}

type Rule = (facts: Facts, now: number) => readonly Omit<Finding, 'kind'>[]

/** Where it never ran nothing is known: a deployment's first minute is no incident. */
export function isCronStill(cronAt: number | null, now: number): cronAt is number {
  return cronAt !== null && now - cronAt > CRON_STILL_MS
}

export function judgeHealth(facts: Facts, now: number): Health {
  const findings = Object.keys(INCIDENT_KINDS).flatMap((kind) => {
    if (!isRuled(kind)) return []
    return RULES[kind](facts, now).map((finding) => ({ kind, ...finding }))
  })
  return { status: worstOf(findings.map(({ kind }) => kind)), findings: worstFirst(findings) }
}

/** Their evidence is what all databases together have. */
const OF_ALL_DATABASES: readonly IncidentKind[] = [
  'lock_unconfirmed',
  'alert_waiting',
  'callbacks_stopped',
  'slot_frozen',
]

/** They ask of accounts what a slot that is in no database does not say. */
const OF_ALL_SLOTS: readonly IncidentKind[] = [
  'lock_unconfirmed',
  'alert_waiting',
  'callbacks_stopped',
]

/**
 * False where a database is silent, or a slot is in none, that alone could say that it is over: not found is not well then.
 */
export function canSeeEnd(
  { databases, awaySlots }: Pick<Facts, 'databases' | 'awaySlots'>,
  { kind, scope }: Pick<Finding, 'kind' | 'scope'>,
): boolean {
  const names = silent(databases)
  if (awaySlots.length > 0 && OF_ALL_SLOTS.includes(kind)) return false
  if (OF_ALL_DATABASES.includes(kind)) return names.length === 0
  return !names.some((name) => scope === name || scope.startsWith(`${name} `))
}

function silent(databases: Facts['databases']): readonly string[] {
  return databases.flatMap(({ name, isAnswering }) => (isAnswering ? [] : [name]))
}

export function worstOf(kinds: readonly IncidentKind[]): Health['status'] {
  if (kinds.length === 0) return 'well'
  return kinds.some((kind) => INCIDENT_KINDS[kind].severity === 'down') ? 'down' : 'degraded'
}

/** As the table has them, so that the page's first is what matters most. */
function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => rank(a) - rank(b))
}

function rank({ kind }: Finding): number {
  return INCIDENT_KINDS[kind].severity === 'down' ? 0 : 1
}

function isRuled(kind: string): kind is keyof typeof RULES {
  return Object.hasOwn(RULES, kind)
}

function groupBy(cells: readonly SampleCell[], key: 'country' | 'provider') {
  return Map.groupBy(cells, (cell) => cell[key])
}

function sum(cells: readonly SampleCell[], kinds: readonly SampleKind[]): number {
  return cells.reduce(
    (total, { counts }) => total + kinds.reduce((own, kind) => own + (counts[kind] ?? 0), 0),
    0,
  )
}

/** `orders.cancel failed, api_keys.revoke not confirmed` */
export function undoneWords(lock: Facts['partlyConfirmed'][number]): string {
  return undoneOf(lock)
    .map(({ action, state }) => `${action} ${state === 'failed' ? 'failed' : 'not confirmed'}`)
    .join(', ')
}

function answerWords({ attempts, lastStatus, lastError }: Facts['oldCallbacks'][number]): string {
  if (attempts === 0) return 'not tried yet'
  const answer = lastStatus === null ? (lastError ?? 'no answer') : `HTTP ${lastStatus}`
  return `${answer} after ${count(attempts, 'attempt')}`
}
