// Rows → what the exchange is shown: masked, instants as RFC 3339, every state as stored. Pure. The shapes
// are those the routes declare.

import { phoneStateAt } from '../account/account-phone.ts'
import type { Account } from '../account/accounts.ts'
import { mayHoldLink } from '../country/content-rules.ts'
import { alertsFor, type ProfileRules } from '../country/profile-rules.ts'
import { maskPhone } from '../lib/mask.ts'
import { formatInstant } from '../lib/time.ts'
import type { Attempt } from '../login/attempt.ts'
import { kindNameOf, type Login, sessionOf } from '../login/login.ts'
import { networkKind } from '../place/relay.ts'
import { isServed, type ServiceVerdict } from '../routing/route.ts'
import type { AccountAnswer } from './account-spec.ts'
import type { AttemptAnswer, LoginAnswer } from './login-spec.ts'
import type { SessionAnswer } from './session-spec.ts'

/** What is known of the way to a number before any login. */
export type SmsView = NonNullable<AccountAnswer['phone']>['sms']

export function smsView(
  { service, sender }: ServiceVerdict,
  country: string,
  profile: ProfileRules,
): SmsView {
  return {
    served: isServed(service),
    service,
    sender: sender?.kind ?? null,
    link: mayHoldLink(country, profile),
  }
}

export function accountView(
  account: Account,
  phone: { readonly e164: string; readonly country: string; readonly sms: SmsView } | null,
  {
    now,
    profile,
    isHeld,
  }: { readonly now: number; readonly profile: ProfileRules; readonly isHeld: boolean },
): AccountAnswer {
  const state = phoneStateAt(account, now)
  return {
    account_id: account.accountId,
    phone: phone && {
      masked: maskPhone(phone.e164),
      country: phone.country,
      state,
      state_code: state === 'ok' ? null : account.phoneStateCode,
      sms: phone.sms,
    },
    locale: account.locale,
    alerts: alertsFor(account.alerts, profile),
    has_phrase: account.phraseSealed !== null,
    has_totp_secret: account.totpSealed !== null,
    created_at: formatInstant(account.createdAt),
    updated_at: formatInstant(account.updatedAt),
    held: isHeld,
  }
}

/** Of the two at most one is named: what an owner comes through is no data centre to whoever reads of it. */
function networkOf(name: string | null) {
  const isRelay = name !== null && networkKind(name) !== 'data_centre'
  return { hosting: isRelay ? null : name, relay: isRelay ? name : null }
}

export function loginView(login: Login): LoginAnswer {
  return {
    alert_id: login.alertId,
    activity: activityView(login),
    session_id: sessionOf(login),
    occurred_at: formatInstant(login.occurredAt),
    received_at: formatInstant(login.receivedAt),
    place: {
      country: login.country,
      city: login.city,
      ...networkOf(login.hosting),
      reserved: login.reserved,
      ip: `…${login.ipTail}`,
    },
    device: { browser: login.browser, os: login.os, name: login.deviceName },
    parallel_session: login.isParallel,
    session: {
      expires_at: formatInstant(login.sessionExpiresAt),
      ended_at: login.activity === null ? formatInstant(login.sessionEndedAt) : null,
      end: login.sessionEnd,
    },
    alert: {
      number: login.alertNumber,
      state: login.state,
      reason: login.suppressionReason,
      wave: login.wave,
      attempts: login.attempts.map(attemptView),
    },
  }
}

function activityView(login: Login): LoginAnswer['activity'] {
  const kind = kindNameOf(login)
  return kind === null ? null : { kind, detail: login.detail }
}

function attemptView(attempt: Attempt): AttemptAnswer {
  return {
    number: attempt.number,
    provider: attempt.provider,
    state: attempt.state,
    failure: attempt.class ?? null,
    code: attempt.code ?? null,
    provider_message_id: attempt.providerMessageId ?? null,
    segments: attempt.segments,
    started_at: formatInstant(attempt.startedAt),
    duration_ms: attempt.durationMs,
    sent_at: formatInstant(attempt.sentAt ?? null),
    delivered_at: formatInstant(attempt.deliveredAt ?? null),
    failed_at: formatInstant(attempt.failedAt ?? null),
  }
}

export function sessionView(login: Login): SessionAnswer {
  return {
    session_id: login.sessionId,
    alert_id: login.alertId,
    started_at: formatInstant(login.occurredAt),
    expires_at: formatInstant(login.sessionExpiresAt),
    place: { country: login.country, city: login.city, ip: `…${login.ipTail}` },
    device: { browser: login.browser, os: login.os, name: login.deviceName },
  }
}
