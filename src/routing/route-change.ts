// What may change of whom we ask first, and who changes it. Plain data: stored for the operator, see breakers.ts.

/**
 * `evidence`: what isolates told. `answer`: one of the provider's that needs no second. `probe`: a text that tried.
 * `idle`: nobody needed the probe. `hand`: the operator. `learning`: the minute's.
 */
export type ChangedBy = 'evidence' | 'answer' | 'probe' | 'idle' | 'hand' | 'learning'

export type BreakerTrip = {
  readonly kind: 'open'
  readonly scope: string
  readonly code: string
  /** Openings since it was last closed. */
  readonly trips: number
  readonly openedAt: number
  readonly openUntil: number
  readonly by: ChangedBy
  /** What it was decided on, in words. */
  readonly figure: string
}

export type BreakerClosing = {
  readonly kind: 'close'
  readonly scope: string
  readonly openedAt: number
  readonly by: ChangedBy
}

export type RouteChange = BreakerTrip | BreakerClosing
