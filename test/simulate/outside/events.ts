// Logins and activities as the exchange posts them: until 202 is heard, and sometimes once more.

import type { AccountFacts, ActivityFacts, EventFacts, LoginFacts } from '../ledger.ts'
import type { HttpAnswer } from '../machine/network.ts'
import { getJson, recordOf, textOf, type World } from '../world.ts'
import type { Calls } from './calls.ts'

/** Whatever the exchange calls it; the last is no kind of ours. */
export const ACTIVITY_WEIGHTS = {
  password_changed: 2,
  two_factor_disabled: 1,
  two_factor_changed: 1,
  email_changed: 1,
  phone_changed: 1,
  api_key_created: 2,
  address_added: 2,
  logins_failed: 4,
  password_reset: 2,
  withdrawal_requested: 2,
  nickname_changed: 1,
} as const
export type ActivityKind = keyof typeof ACTIVITY_WEIGHTS

export type Events = {
  readonly login: (account: AccountFacts, device: string, isCalm?: boolean) => Promise<void>
  readonly activity: (account: AccountFacts, kind: ActivityKind, isCalm?: boolean) => Promise<void>
}

const REPEATED_SHARE = 0.3
const LATE_SHARE = 0.05
const LATE_MS = 26 * 3_600_000
const DEVICE = {
  ip: '203.0.113.77',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
}

export function createEvents(world: World, { insist, postEvent }: Calls): Events {
  const { clock, ledger, random, counter } = world

  async function post(
    event: EventFacts,
    type: string,
    data: Readonly<Record<string, unknown>>,
  ): Promise<HttpAnswer | null> {
    const { accountId, webhookId, occurredAt } = event
    event.postedAt.push(clock.now())
    const answer = await postEvent(webhookId, type, occurredAt, { account_id: accountId, ...data })
    if (!answer) return null
    const fields = recordOf(getJson(answer.body))
    const isDuplicate = fields.duplicate === true
    event.answers.push({ at: clock.now(), status: answer.status, isDuplicate })
    const what = type === 'login.succeeded' ? 'login' : `activity ${String(data.kind)}`
    world.log(
      'exchange',
      `${what} ${webhookId} of ${accountId}: ${answer.status}${isDuplicate ? ' duplicate' : ''}`,
    )
    if (isDuplicate) counter.note('event_duplicate')
    if (answer.status === 503) counter.note('event_refused')
    if (answer.status !== 202) return answer
    event.acceptedAt ??= clock.now()
    const alertId = textOf(fields.alert_id) ?? ''
    event.alertId ??= alertId
    if (event.alertId !== alertId) event.otherIds.push(alertId)
    return answer
  }

  async function send(
    event: EventFacts,
    type: string,
    data: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await insist(`${type} ${event.webhookId}`, [202], () => post(event, type, data))
    if (event.isCalm || !random.chance(REPEATED_SHARE)) return
    await clock.sleep(random.whole(0, random.pick([2_000, 30_000])))
    await post(event, type, data)
  }

  const begin = (account: AccountFacts, webhookId: string, isCalm: boolean, lateMs = 0) => ({
    accountId: account.id,
    webhookId,
    occurredAt: clock.now() - lateMs,
    postedAt: [],
    acceptedAt: null,
    alertId: null,
    otherIds: [],
    answers: [],
    isCalm,
  })

  return {
    login: async (account, device, isCalm = false) => {
      const number = ledger.logins.length + 1
      const sessionId = `s${number}`
      const login: LoginFacts = {
        ...begin(account, `w${number}`, isCalm),
        ...{ sessionId, device, endedAt: null },
      }
      ledger.logins.push(login)
      const place = { country: 'DE', city: 'Frankfurt' }
      const data = { session_id: sessionId, device_name: device, ...DEVICE, ...place }
      await send(login, 'login.succeeded', data)
    },

    activity: async (account, kind, isCalm = false) => {
      const number = ledger.activities.length + 1
      const isLate = !isCalm && random.chance(LATE_SHARE)
      const sessionId = random.chance(0.5) ? `ghost${number}` : null
      const activity: ActivityFacts = {
        ...begin(account, `v${number}`, isCalm, isLate ? LATE_MS : 0),
        ...{ kind, sessionId, isLate },
      }
      ledger.activities.push(activity)
      if (isLate) counter.note('activity_late')
      const detail = random.chance(0.3) ? `a word ${number}` : undefined
      const data = { kind, session_id: sessionId ?? undefined, detail, ...DEVICE }
      await send(activity, 'activity.occurred', data)
    },
  }
}
