// What the exchange knows of one account, and how an act changes it. Pure: every function takes the account as it is and
// gives it as it will be; doing an act twice changes nothing. Storing is the store's matter.

export type Session = {
  /** Its public name, which Lockline is told; never the token itself. */
  readonly id: string
  readonly tokenHash: string
  readonly label: string
  readonly ip: string | null
  readonly userAgent: string | null
  readonly startedAt: number
  /** `revoked`: by a lock or on the owner's pages. */
  readonly state: 'live' | 'ended' | 'revoked'
  readonly endedAt: number | null
}

export type ApiKey = {
  readonly id: string
  readonly secretHash: string
  readonly name: string
  readonly madeAt: number
  readonly state: 'live' | 'revoked'
}

export type Address = {
  readonly id: string
  readonly name: string
  readonly address: string
  readonly addedAt: number
  /** Nothing is sent to a frozen one until support has spoken to the owner. */
  readonly state: 'usable' | 'frozen'
}

export type Withdrawal = {
  readonly id: string
  readonly addressId: string
  /** Of the smallest unit of its coin. */
  readonly amount: number
  readonly requestedAt: number
  readonly state: 'pending' | 'sent' | 'cancelled'
  /** Why it has not gone out yet; null before the first asking and after the last. */
  readonly waitsFor: string | null
  readonly settledAt: number | null
}

export type Order = {
  readonly id: string
  readonly text: string
  readonly placedAt: number
  readonly state: 'open' | 'cancelled'
}

/** As callbacks told it. Whether money may go out is asked before each withdrawal. */
export type KnownHold = {
  readonly id: string
  readonly reason: string
  /** What began it, an activity's kind, say; null where there is none. */
  readonly cause: string | null
  readonly startedAt: number
  readonly until: number
  /** By this exchange's own clock, the first time. */
  readonly learntAt: number
}

export type KnownLock = {
  readonly id: string
  readonly via: string
  readonly lockedAt: number
  readonly holdUntil: number
  /** Each action that was asked for. `open`: it still runs, or is tried again. */
  readonly actions: Readonly<Record<string, 'open' | 'done' | 'failed'>>
}

export type Passkey = {
  readonly credentialId: string
  readonly jwk: JsonWebKey
  readonly alg: number
  readonly rpId: string
  /** By this exchange's own clock: what Lockline says of it could be younger than it claims. */
  readonly learntAt: number
}

/** For support: what a callback said that asks nothing of the exchange, or what it would not believe. */
export type Note = { readonly at: number; readonly text: string }

export type Account = {
  readonly id: string
  /** Oldest first, as all below. */
  readonly sessions: readonly Session[]
  readonly apiKeys: readonly ApiKey[]
  readonly addresses: readonly Address[]
  readonly withdrawals: readonly Withdrawal[]
  readonly orders: readonly Order[]
  readonly holds: readonly KnownHold[]
  /** Ids of holds that are over: that one began may be told after its end. A lock may hold anew under its id. */
  readonly liftedHolds: readonly string[]
  readonly locks: readonly KnownLock[]
  readonly passkeys: readonly Passkey[]
  /** Challenges of signed lifts, each with the hold that it lifted: once. */
  readonly usedLifts: readonly string[]
  /** Password, second factor, e-mail and number do not change until then; null: they may. */
  readonly credentialsFrozenUntil: number | null
  /** In a row; the next good one begins anew. */
  readonly failedLogins: number
  readonly notes: readonly Note[]
}

/** Of what is over. What is live or pending stays, however much it is. */
const KEPT = 50

export function emptyAccount(id: string): Account {
  return {
    id,
    sessions: [],
    apiKeys: [],
    addresses: [],
    withdrawals: [],
    orders: [],
    holds: [],
    liftedHolds: [],
    locks: [],
    passkeys: [],
    usedLifts: [],
    credentialsFrozenUntil: null,
    failedLogins: 0,
    notes: [],
  }
}

/** The newest, and all that are not over. */
export function kept<Item>(
  items: readonly Item[],
  isOver: (item: Item) => boolean,
): readonly Item[] {
  if (items.length <= KEPT) return items
  const oldestKept = items.length - KEPT
  return items.filter((item, index) => index >= oldestKept || !isOver(item))
}

export function withSession(account: Account, session: Session): Account {
  const others = account.sessions.filter(({ id }) => id !== session.id)
  const sessions = kept([...others, session], ({ state }) => state !== 'live')
  return { ...account, sessions, failedLogins: 0 }
}

/** `ids`: null for all of them. */
export function withSessionsOver(
  account: Account,
  ids: readonly string[] | null,
  state: 'ended' | 'revoked',
  at: number,
): Account {
  const isMeant = ({ id }: Session) => ids === null || ids.includes(id)
  return {
    ...account,
    sessions: account.sessions.map((session) =>
      session.state === 'live' && isMeant(session) ? { ...session, state, endedAt: at } : session,
    ),
  }
}

/** Told twice, the later end counts: callbacks may overtake one another. */
export function withHold(account: Account, hold: KnownHold): Account {
  const known = account.holds.find(({ id }) => id === hold.id)
  const others = account.holds.filter(({ id }) => id !== hold.id)
  const until = Math.max(hold.until, known?.until ?? 0)
  const merged = { ...hold, until, learntAt: known?.learntAt ?? hold.learntAt }
  return { ...account, holds: kept([...others, merged], () => true) }
}

/** `reason`: of what held, where it was said. Without any of both, all but a planned one end: nobody ends that early. */
export function withHoldLifted(
  account: Account,
  lifted: { readonly id: string | null; readonly reason: string | null },
): Account {
  const known = account.holds.find(({ id }) => id === lifted.id)
  const reason = lifted.reason ?? known?.reason ?? null
  const isOver = (hold: KnownHold) => {
    if (lifted.id === null)
      return reason === null ? hold.reason !== 'planned' : hold.reason === reason
    // There is one hold for all locks: what lifts the newest lifts the others.
    return hold.id === lifted.id || (reason === 'lock' && hold.reason === 'lock')
  }
  const over = account.holds.filter(isOver).map(({ id }) => id)
  const named = lifted.id === null || over.includes(lifted.id) ? [] : [lifted.id]
  return {
    ...account,
    holds: account.holds.filter((hold) => !isOver(hold)),
    liftedHolds: [...account.liftedHolds, ...over, ...named].slice(-KEPT),
  }
}

/** The one that ends last of those in force. */
export function holdInForce(account: Account, now: number): KnownHold | null {
  const inForce = account.holds.filter(({ until }) => until > now)
  return inForce.sort((a, b) => b.until - a.until)[0] ?? null
}

export function withNote(account: Account, at: number, text: string): Account {
  return { ...account, notes: [...account.notes, { at, text }].slice(-KEPT) }
}
