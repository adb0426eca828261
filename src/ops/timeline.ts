// What happened to one alert, in the order it happened, with how long after the webhook. Pure: of the login's row alone.

import type { Attempt } from '../login/attempt.ts'
import { kindNameOf, type Login } from '../login/login.ts'

export type Moment = { readonly at: number; readonly what: string; readonly isBad: boolean }

export function timelineOf(login: Login): readonly Moment[] {
  const { occurredAt, receivedAt, sessionEndedAt, sessionEnd, confirmedAt, pushes } = login
  const kind = kindNameOf(login)
  return [
    good(
      occurredAt,
      `${kind === null ? 'The login' : `“${kind}”`} happened, by the exchange’s clock`,
    ),
    good(receivedAt, `The webhook came; it is row ${login.seq} of the account`),
    ...login.attempts.flatMap(attemptMoments),
    ...pushes.map(({ at }) => good(at, 'A notification was sent to a device')),
    ...(sessionEndedAt === null || kind !== null
      ? []
      : [
          good(
            sessionEndedAt,
            sessionEnd === 'revoked' ? 'The session was revoked' : 'The session ended',
          ),
        ]),
    ...(confirmedAt === null ? [] : [good(confirmedAt, 'The owner said: it was me')]),
  ].toSorted((a, b) => a.at - b.at)
}

function attemptMoments(attempt: Attempt): readonly Moment[] {
  const { number, provider, startedAt, durationMs, state, code, sentAt, deliveredAt, failedAt } =
    attempt
  const who = `Attempt ${number}: ${provider}`
  const isRefusedAtOnce = (state === 'failed' || state === 'unknown') && failedAt === undefined
  const failure = `${attempt.class ?? state}${code === undefined ? '' : ` (${code})`}`
  return [
    good(startedAt, `${who} was asked`),
    isRefusedAtOnce
      ? bad(startedAt + durationMs, `${who} did not take it: ${failure}`)
      : good(startedAt + durationMs, `${who} took it`),
    ...(sentAt === undefined ? [] : [good(sentAt, `${who} says: sent`)]),
    ...(deliveredAt === undefined ? [] : [good(deliveredAt, `${who} says: arrived`)]),
    ...(failedAt === undefined ? [] : [bad(failedAt, `${who} says: failed, ${failure}`)]),
  ]
}

function good(at: number, what: string): Moment {
  return { at, what, isBad: false }
}

function bad(at: number, what: string): Moment {
  return { at, what, isBad: true }
}
