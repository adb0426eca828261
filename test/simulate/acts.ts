// What an owner, a trusted contact or the exchange has done, and what was heard of it. A part of the ledger.

export type LockAct = {
  readonly accountId: string
  readonly via: 'link' | 'reply' | 'code' | 'api' | 'card' | 'passkey' | 'contact'
  /** 0: of the link by which the owner is asked first. */
  readonly alertNumber: number | null
  readonly at: number
  /** When an answer was heard, and its status; null while or when there was none. */
  answeredAt: number | null
  status: number | null
  /** Where the answer named it. */
  lockId: string | null
  /** What the page said: nothing is locked until the owner confirms it. */
  isAsked: boolean
}

/** The owner plans a hold in the pages. */
export type PlanAct = {
  readonly accountId: string
  readonly days: number
  readonly at: number
  answeredAt: number | null
  status: number | null
}

/** The owner makes a lock card, or names a trusted contact, in the pages. */
export type WayAct = {
  readonly accountId: string
  readonly way: 'card' | 'contact'
  readonly at: number
}

/** "It was me": the owner ends what holds, behind an alert's link. */
export type ReleaseAct = {
  readonly accountId: string
  readonly by: 'passkey' | 'code'
  readonly at: number
  answeredAt: number | null
  status: number | null
  /** As the page says: of a session that was confirmed, it says otherwise. */
  isReleased: boolean
}

/** The owner signs a lock's hold away. */
export type SignAct = {
  readonly accountId: string
  readonly at: number
  answeredAt: number | null
  status: number | null
  isLifted: boolean
}

/** The owner stops a lift that is due later, by the link in the SMS. */
export type StopAct = {
  readonly accountId: string
  /** As the link has it, in whole seconds. */
  readonly dueAt: number
  readonly at: number
  answeredAt: number | null
  status: number | null
}

export type LiftAct = {
  readonly accountId: string
  readonly at: number
  answeredAt: number | null
  status: number | null
  /** Of a 202: when the holds end, unless somebody wants them. */
  dueAt: number | null
  /** Of a refusal: why. */
  code: string | null
}

export type RevokeAct = {
  readonly accountId: string
  readonly sessionId: string
  readonly at: number
  status: number | null
}
