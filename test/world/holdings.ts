// What is in the demo user's account, as HTML: the hold, what a lock did, and all that a thief could leave behind. Pure.

import type { KnownHold, KnownLock, Session, Withdrawal } from '../../examples/exchange/account.ts'
import { html, type Markup } from './markup.ts'
import { amount, clock, day } from './shown-text.ts'
import type { WorldState } from './state.ts'
import { isThiefs } from './thief.ts'

export function holdingPanels(state: WorldState): Record<string, Markup> {
  return {
    hold: holdPanel(state.hold),
    lock: lockPanel(state.lock),
    sessions: listOf('Nobody is logged in yet.', state.sessions.map(sessionRow)),
    withdrawals: listOf('None.', state.withdrawals.map(withdrawalRow)),
    'api-keys': listOf(
      'None.',
      state.apiKeys.map(({ id, name, madeAt, state: key }) => {
        return row(id, name, clock(madeAt), key === 'live' ? ['good', 'Works'] : ['bad', 'Revoked'])
      }),
    ),
    addresses: listOf(
      'None.',
      state.addresses.map(({ id, name, addedAt, state: address }) => {
        const badge =
          address === 'usable' ? (['good', 'Usable'] as const) : (['bad', 'Frozen'] as const)
        return row(id, name, day(addedAt), badge)
      }),
    ),
    orders: listOf(
      'None.',
      state.orders.map(({ id, text, placedAt, state: order }) => {
        const badge =
          order === 'open' ? (['good', 'Open'] as const) : (['bad', 'Cancelled'] as const)
        return row(id, text, clock(placedAt), badge)
      }),
    ),
  }
}

const REASONS: Readonly<Record<string, string>> = {
  lock: 'the account is locked',
  planned: 'the owner planned it',
  activity: 'something was changed in the account',
  cooling_off: 'a login was unfamiliar',
}

function holdPanel(hold: KnownHold | null): Markup {
  if (hold === null) {
    return html`<span class="badge good">Open</span><span class="quiet">Money can leave the account.</span>`
  }
  const reason = REASONS[hold.reason] ?? hold.reason
  return html`<span class="badge bad">On hold</span>
    <span>until ${day(hold.until)}: ${reason}${hold.cause === null ? '' : ` (${hold.cause})`}</span>
    <form method="post" action="/api/hold/release"><button class="small">Release</button></form>`
}

const ACTION_WORDS: Readonly<Record<string, string>> = {
  'sessions.revoke': 'End all sessions',
  'withdrawals.hold': 'Hold withdrawals',
  'api_keys.revoke': 'Revoke API keys',
  'withdrawals.cancel': 'Cancel pending withdrawals',
  'addresses.freeze': 'Freeze new addresses',
  'orders.cancel': 'Cancel open orders',
  'credentials.freeze': 'Freeze password and second factor',
}
const ACTION_BADGES = {
  done: ['good', 'Done'],
  failed: ['bad', 'Failed'],
  open: ['plain', 'Under way'],
} as const

/** Each action by itself: what was asked for is not done before it is. */
function lockPanel(lock: KnownLock | null): Markup {
  if (lock === null) return html`<li data-key="none" class="empty">Not locked yet.</li>`
  return html`${Object.entries(lock.actions).map(([action, state]) => {
    const name = ACTION_WORDS[action] ?? action
    return row(`${lock.id}-${action}`, name, clock(lock.lockedAt), ACTION_BADGES[state])
  })}`
}

const SESSION_BADGES = {
  live: ['good', 'Live'],
  revoked: ['bad', 'Revoked'],
  ended: ['plain', 'Ended'],
} as const

function sessionRow({ id, label, startedAt, state }: Session): Markup {
  return row(id, label, clock(startedAt), SESSION_BADGES[state])
}

const WITHDRAWAL_BADGES = {
  pending: ['plain', 'Waits'],
  sent: ['good', 'Gone out'],
  cancelled: ['bad', 'Cancelled'],
} as const

function withdrawalRow({ id, amount: cents, requestedAt, state, waitsFor }: Withdrawal): Markup {
  const why = state === 'pending' && waitsFor !== null ? `, ${waitsFor}` : ''
  const name = `${amount(cents / 100)} USDT to a new address${why}`
  return row(id, name, clock(requestedAt), WITHDRAWAL_BADGES[state])
}

type Badge = readonly [tone: 'good' | 'bad' | 'plain', word: string]

function row(key: string, name: string, when: string, [tone, word]: Badge): Markup {
  const mark = isThiefs(name) ? html` <span class="badge bad">thief</span>` : null
  return html`<li data-key="${key}" class="row">
    <span class="row-main">${name}${mark}</span>
    <span class="quiet">${when}</span>
    <span class="badge ${tone}">${word}</span></li>`
}

function listOf(none: string, rows: readonly Markup[]): Markup {
  return rows.length === 0 ? html`<li data-key="none" class="empty">${none}</li>` : html`${rows}`
}
