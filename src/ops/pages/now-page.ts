// The one screen: is it well, what is sick and since when, what was done by itself and why, what is to be done. Markup only,
// made of an overview; every figure is evidence that is held.

import { html } from 'hono/html'
import type { Markup } from '../../page/markup.ts'
import { paths } from '../../paths.ts'
import { type MeasureCell, sumBy } from '../../watch/measure-cells.ts'
import { INCIDENT_KINDS } from '../incident-kinds.ts'
import { undoneWords } from '../judge.ts'
import type { Overview } from '../overview.ts'
import { agoWords, bytesWords, count, instantWords } from '../plain-words.ts'
import type { Sickness } from '../sickness.ts'
import { actsSection, nowForms, type Unfinished } from './act-forms.ts'
import { keySection } from './key-section.ts'
import { latencySection } from './latency-section.ts'
import { table, tile, withCode } from './layout.ts'
import { providerSection } from './provider-section.ts'

const STATE_WORDS = {
  well: 'Well',
  degraded: 'Degraded',
  down: 'Down',
} as const

export function nowBody(overview: Overview, unfinished: Unfinished | null): Markup {
  return html`${stateNote(overview)}${sickSection(overview)}${nowForms(overview.facts.providers, unfinished)}${findForm()}${tiles(overview)}
    ${latencySection(overview)}${providerSection(overview)}${changesSection(overview)}${actsSection(overview.acts)}
    ${lockSection(overview)}${callbackSection(overview)}${waitingSection(overview)}
    ${queueSection(overview)}${deadSection(overview)}${keySection(overview)}`
}

function stateNote({ status, sick, readAt }: Overview): Markup {
  const since = sick.flatMap(({ openedAt }) => openedAt ?? [])
  const oldest = since.length === 0 ? null : Math.min(...since)
  const words =
    status === 'well'
      ? 'Nothing is known to be sick.'
      : `${count(sick.length, 'incident')}${oldest === null ? '' : `, the oldest for ${agoWords(readAt - oldest)}`}.`
  return html`<p class="state ${status}" role="status"><strong>${STATE_WORDS[status]}</strong> ${words}</p>`
}

function sickSection({ sick, readAt }: Overview): Markup | '' {
  if (sick.length === 0) return ''
  return html`<h2>What is sick, and what to do</h2><ul class="cards">${sick.map((one) => sickCard(one, readAt))}</ul>`
}

function sickCard({ kind, scope, evidence, openedAt }: Sickness, now: number): Markup {
  const words = INCIDENT_KINDS[kind]
  return html`<li class="${kind === 'lock_unconfirmed' ? 'loud' : words.severity}"><h3>${words.title}${scope === '*' ? '' : html`: ${scope}`}</h3>
    <p>${evidence}</p>
    <p class="muted">${openedAt === null ? 'Not noted yet: the next minute does.' : `Since ${instantWords(openedAt)}, ${agoWords(now - openedAt)}.`}</p>
    <p>${withCode(words.meaning)}</p>
    <p><b>Look at:</b> ${withCode(words.check)}</p>
    <p><b>Do:</b> ${withCode(words.act)}</p>
    <p class="muted">Over when: ${words.over}</p></li>`
}

/** By account id, or by id and alert number. */
export function findForm(accountId = ''): Markup {
  return html`<h2>Look up an account</h2><form class="find" method="get" action="${paths.opsFind}">
    <span><label for="account">Account id</label><input id="account" name="account" type="text" required maxlength="64" value="${accountId}" autocomplete="off" spellcheck="false" /></span>
    <span><label for="alert">Alert number, if you have one</label><input id="alert" name="alert" type="text" inputmode="numeric" maxlength="9" autocomplete="off" /></span>
    <button class="calm" type="submit">Show</button></form>`
}

function tiles({ facts, codes, readAt, recent, hours, holds }: Overview): Markup {
  const { unconfirmedLocks, partlyConfirmed, databases, cronAt, waiting, deadLetters } = facts
  const locks = unconfirmedLocks.length + partlyConfirmed.length
  const day = sumBy(
    hours.flatMap(({ cells }) => cells),
    () => '',
  ).get('')?.counts
  const alerts = recent.reduce((sum, cell) => sum + (cell.counts.accepted ?? 0), 0)
  return html`<h2>At a glance</h2><ul class="tiles">
    ${tile('Locks not confirmed', String(locks), 'for more than a minute', locks > 0)}
    ${tile('Alerts waiting', String(waiting.length), 'for more than a minute', waiting.length > 0)}
    ${tile('Texts taken', String(alerts), 'this hour and the one before')}
    ${tile('Dead letters', String(deadLetters.length), 'in the last hour', deadLetters.length > 0)}
    ${databases.map(databaseTile)}
    ${tile('Minute’s work', cronAt === null ? 'never' : `${agoWords(readAt - cronAt)} ago`, cronAt === null ? 'it has not run yet' : instantWords(cronAt))}
    ${tile('Segments sent', String(day?.segments ?? 0), 'of alerts, in 24 hours')}
    ${holdTile(day ?? {}, holds)}
    ${tile('Code SMS', String(codes.sent), `in 24 hours, ${count(codes.segments, 'segment')}`)}
  </ul>`
}

/** How many run is asked of the databases; what began and ended, as the exchange has confirmed to know. */
function holdTile(counts: MeasureCell['counts'], running: Overview['holds']): Markup {
  const { holds_cooling_off: cooling = 0, holds_activity: activity = 0 } = counts
  const { holds_planned: planned = 0, holds_ended: ended = 0 } = counts
  const began = `in 24 hours ${cooling + activity + planned} began and ${ended} ended early`
  if (running === null) return tile('Holds', 'not known', `a database is silent; ${began}`)
  const { byReason: by, isCutShort } = running
  const all = by.cooling_off + by.activity + by.planned
  const parts = `${by.cooling_off} by an unfamiliar login, ${by.activity} by an activity, ${by.planned} planned`
  return tile('Holds running', isCutShort ? `${all} or more` : String(all), `${parts}; ${began}`)
}

function databaseTile({
  name,
  isAnswering,
  bytes,
  bytesMax,
  daysLeft,
}: Overview['facts']['databases'][number]): Markup {
  const label = `Database ${name}`
  if (!isAnswering) return tile(label, 'silent', 'what it holds is missing on this page', true)
  const left =
    daysLeft === null ? 'growth not known' : `${count(daysLeft, 'day')} left at this growth`
  return tile(label, bytesWords(bytes), `of ${bytesWords(bytesMax)}; ${left}`)
}

function changesSection({ changes }: Overview): Markup {
  const rows = changes.map(
    ({ scope, change, changedAt, changedBy, figure, untilAt }) =>
      html`<tr><td class="t">${instantWords(changedAt)}</td><td>${scope}</td><td>${CHANGE_WORDS[change]}</td><td>${BY_WORDS[changedBy]}</td><td>${figure}</td><td class="t">${untilAt === null ? '' : instantWords(untilAt)}</td></tr>`,
  )
  return html`<h2>What was done by itself, and why</h2>${
    rows.length === 0
      ? html`<p>The order of providers was not changed in 30 days.</p>`
      : table(
          'Changes of the order of providers, newest first',
          ['When', 'Whom', 'What', 'By', 'On what figure', 'Until'],
          rows,
        )
  }`
}

const CHANGE_WORDS = {
  opened: 'asked last',
  closed: 'trusted again',
  weight: 'share changed',
} as const
const BY_WORDS = {
  evidence: 'evidence of several isolates',
  answer: 'its own answer',
  probe: 'a text that tried',
  idle: 'nobody needed it',
  hand: 'hand',
  learning: 'learning',
} as const

function lockSection({ facts, readAt }: Overview): Markup {
  const { unconfirmedLocks, partlyConfirmed } = facts
  const all = unconfirmedLocks.length + partlyConfirmed.length
  if (all === 0) {
    return html`<h2>Locks</h2><p>Every lock older than a minute is confirmed by the exchange.</p>`
  }
  return html`<h2>Locks</h2><p role="alert">The exchange has not confirmed all of ${count(all, 'lock')}. Call them: whoever holds these accounts may still be in.</p>
    ${unconfirmedLocks.length === 0 ? '' : callbackTable('Locks that are not confirmed, oldest first', unconfirmedLocks, readAt)}${partlyConfirmed.length === 0 ? '' : partlyTable(partlyConfirmed, readAt)}`
}

function partlyTable(locks: Overview['facts']['partlyConfirmed'], now: number): Markup {
  const rows = locks.map((lock) => {
    const { accountId, lockedAt } = lock
    return html`<tr><td><a href="${accountPath(accountId)}">${accountId}</a></td>
      <td class="t">${instantWords(lockedAt)}</td><td>${agoWords(now - lockedAt)}</td><td>${undoneWords(lock)}</td></tr>`
  })
  return html`${table('Locks that are confirmed in part, oldest first: nobody asks again', ['Account', 'Locked', 'Age', 'Not done'], rows)}`
}

function callbackSection({ facts, readAt }: Overview): Markup {
  const open = facts.oldCallbacks.filter(({ type }) => type !== 'account.locked')
  return html`<h2>Callbacks</h2>${
    open.length === 0
      ? html`<p>None has been open for more than a minute.</p>`
      : callbackTable('Open for more than a minute, oldest first', open, readAt)
  }${facts.givenUp.length === 0 ? '' : callbackTable('Given up in ten minutes, newest first', facts.givenUp, readAt)}`
}

function callbackTable(
  caption: string,
  callbacks: Overview['facts']['oldCallbacks'],
  now: number,
): Markup {
  return table(
    caption,
    ['Account', 'What', { n: 'Age' }, { n: 'Tries' }, 'Last answer', 'State'],
    callbacks.map(
      ({ accountId, type, createdAt, attempts, lastStatus, lastError, state }) =>
        html`<tr><td><a href="${accountPath(accountId)}">${accountId}</a></td><td>${type}</td><td class="n">${agoWords(now - createdAt)}</td><td class="n">${attempts}</td><td>${lastStatus ?? lastError ?? '–'}</td><td>${state}</td></tr>`,
    ),
  )
}

function waitingSection({ facts, readAt }: Overview): Markup | '' {
  if (facts.waiting.length === 0) return ''
  const rows = facts.waiting.map(
    ({ accountId, alertNumber, receivedAt, state }) =>
      html`<tr><td><a href="${alertNumber === null ? accountPath(accountId) : alertPath(accountId, alertNumber)}">${accountId} #${alertNumber}</a></td><td>${state}</td><td class="n">${agoWords(readAt - receivedAt)}</td></tr>`,
  )
  return html`<h2>Alerts that wait</h2>${table('No provider has taken them yet, oldest first', ['Alert', 'State', { n: 'Age' }], rows)}`
}

function queueSection({ facts, readAt }: Overview): Markup {
  const rows = facts.queues.map(
    ({ name, backlog, oldestAt }) =>
      html`<tr><td>${name}</td><td class="n">${backlog ?? 'unknown'}</td><td class="n">${oldestAt === null ? (backlog === null ? 'unknown' : '–') : agoWords(readAt - oldestAt)}</td></tr>`,
  )
  return html`<h2>Queues</h2>${table('What waits; net and callbacks hold messages back on purpose', ['Queue', { n: 'Waiting' }, { n: 'Oldest' }], rows)}`
}

function deadSection({ facts }: Overview): Markup {
  const rows = facts.deadLetters.map(
    ({ queue, kind, reason, accountId, diedAt }) =>
      html`<tr><td class="t">${instantWords(diedAt)}</td><td>${queue}</td><td>${kind}</td><td>${reason}</td><td>${accountId === null ? '–' : html`<a href="${accountPath(accountId)}">${accountId}</a>`}</td></tr>`,
  )
  return html`<h2>Dead letters</h2>${rows.length === 0 ? html`<p>None in the last hour.</p>` : table('Of the last hour, newest first', ['When', 'Queue', 'Kind', 'Reason', 'Account'], rows)}`
}

export function accountPath(accountId: string): string {
  return `/ops/accounts/${accountId}`
}

export function alertPath(accountId: string, alertNumber: number): string {
  return `/ops/alerts/${accountId}/${alertNumber}`
}
