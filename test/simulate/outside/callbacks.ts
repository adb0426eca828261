// The exchange's endpoint for callbacks: verifies them, keeps all, and is moody.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CallbackFacts } from '../ledger.ts'
import type { Trouble } from '../machine/episodes.ts'
import type { Caller, Host, HostReply, HttpAnswer, HttpRequest } from '../machine/network.ts'
import { getJson, recordOf, textOf, type World } from '../world.ts'
import type { Keyring } from './keyring.ts'
import type { LockAnswers } from './lock-answers.ts'

export const CALLBACK_TROUBLES = {
  hang: 2,
  hang_taken: 1,
  error: 4,
  refused: 2,
  reset_taken: 2,
  redirect: 1,
  gone: 1,
} as const
export type CallbackTrouble = keyof typeof CALLBACK_TROUBLES

/** What it answers; null for nothing. `isTaken`: the exchange acts on it all the same. */
const ANSWERS: Readonly<Record<CallbackTrouble, { status: number | null; isTaken: boolean }>> = {
  hang: { status: null, isTaken: false },
  hang_taken: { status: null, isTaken: true },
  error: { status: 500, isTaken: false },
  refused: { status: null, isTaken: false },
  reset_taken: { status: null, isTaken: true },
  redirect: { status: 302, isTaken: false },
  gone: { status: 410, isTaken: false },
}

export function createCallbackEndpoint(
  world: World,
  trouble: Trouble<CallbackTrouble>,
  keyring: Keyring,
  lockAnswers: LockAnswers,
): Host {
  const confirmed = new Set<string>()
  return (request, caller) => {
    const kind = trouble.at(world.clock.now())
    const isSigned = verify(request, keyring.exchange.callback)
    const status = kind === null ? (isSigned ? 204 : 401) : ANSWERS[kind].status
    const facts = note(world, request, caller, { isSigned, status, kind }, confirmed)
    const isLock = status === 204 && facts.type === 'account.locked'
    const graded = isLock ? lockAnswers.answerTo(facts) : null
    return answer(world, kind, status, graded)
  }
}

function answer(
  world: World,
  kind: CallbackTrouble | null,
  status: number | null,
  own: HttpAnswer | null,
): HostReply {
  if (kind === 'hang' || kind === 'hang_taken') return 'never'
  const afterMs = world.random.whole(5, 400)
  if (status === null) return { afterMs, reset: true }
  if (status === 410) world.counter.note('callback_410')
  if (own) return { afterMs, answer: own }
  const headers: Record<string, string> =
    status === 302 ? { location: 'https://elsewhere.example/' } : {}
  return { afterMs, answer: { status, headers, body: '' } }
}

function note(
  world: World,
  request: HttpRequest,
  caller: Caller,
  outcome: {
    readonly isSigned: boolean
    readonly status: number | null
    readonly kind: string | null
  },
  confirmed: Set<string>,
): CallbackFacts {
  const event = recordOf(getJson(request.body))
  const data = recordOf(event.data)
  const webhookId = request.headers['webhook-id'] ?? ''
  const facts: CallbackFacts = {
    webhookId,
    type: textOf(event.type) ?? '',
    accountId: textOf(data.account_id) ?? '',
    data,
    at: world.clock.now(),
    occurredAt: Date.parse(textOf(event.timestamp) ?? ''),
    isSigned: outcome.isSigned,
    status: outcome.status,
    caller,
  }
  world.ledger.callbacks.push(facts)
  if (confirmed.has(webhookId)) world.counter.note('callback_again')
  if (outcome.status === 204) confirmed.add(webhookId)
  const about =
    textOf(data.lock_id) ??
    textOf(data.hold_id) ??
    textOf(data.alert_id) ??
    textOf(data.session_id) ??
    ''
  world.log(
    'exchange',
    `is called: ${facts.type} ${facts.accountId} ${about}: ${outcome.kind ?? outcome.status}`,
  )
  return facts
}

/** Standard Webhooks, `v1`. */
function verify({ headers, body }: HttpRequest, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const own = createHmac('sha256', key).update(signed).digest()
  return (headers['webhook-signature'] ?? '').split(' ').some((part) => {
    const given = Buffer.from(part.replace(/^v1,/, ''), 'base64')
    return given.length === own.length && timingSafeEqual(given, own)
  })
}
