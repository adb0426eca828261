// What the world knows of one thing that the exchange told Lockline, or asked it: the fields, the answer, the record.

export type LoginFields = {
  readonly account_id: string
  readonly session_id?: string
  readonly ip?: string
  readonly user_agent?: string
  readonly device_name?: string
  readonly locale?: string
  readonly country?: string
  readonly city?: string
  readonly session_expires_at?: string
}

export type ActivityFields = {
  readonly account_id: string
  readonly kind: string
  readonly session_id?: string
  readonly ip?: string
  readonly user_agent?: string
  readonly detail?: string
}

/** `status` 0 means that Lockline could not be reached; `problem` then says why. */
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  readonly problem: string | null
  readonly sentAt: number
  readonly answeredAt: number
}

/** A login or an activity that Lockline was told of, at one try. */
export type LoginRecord = {
  readonly id: number
  readonly webhookId: string
  readonly accountId: string
  readonly sessionId: string
  readonly label: string
  /** Null for a login. */
  readonly activity: string | null
  readonly sentAt: number
  readonly answeredAt: number
  /** 202 when taken, 0 when unreachable. */
  readonly status: number
  readonly problem: string | null
  readonly alertId: string | null
}

export type PostOptions = {
  /** Repeating an id is how a redelivery looks. */
  readonly webhookId?: string
  readonly at?: number
  readonly secret?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  /** False: fields not given stay out, instead of being those of an ordinary login. */
  readonly ordinary?: boolean
  /** What the login is called on the world's page. */
  readonly label?: string
}

export type LoginAnswer = Answer & { readonly sessionId: string; readonly webhookId: string }
