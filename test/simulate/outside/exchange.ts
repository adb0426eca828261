// The exchange as it calls the Worker: signed events until 202, accounts, the hold question, lifts, locks,
// histories. Everything it was told goes into the ledger.

import { createHmac } from 'node:crypto'
import type { AccountFacts, LoginFacts, ShownLogin } from '../ledger.ts'
import type { HttpAnswer } from '../machine/network.ts'
import { getJson, PUBLIC_ORIGIN, recordOf, textOf, type World } from '../world.ts'
import { toShown } from './history.ts'
import type { Keyring } from './keyring.ts'
import { noteAct } from './owner.ts'

export type Exchange = {
  readonly importAccount: (account: AccountFacts) => Promise<void>
  readonly login: (account: AccountFacts, device: string, isCalm?: boolean) => Promise<void>
  readonly endSession: (login: LoginFacts) => Promise<void>
  readonly askHold: (accountId: string) => Promise<void>
  readonly lift: (accountId: string) => Promise<void>
  readonly lock: (account: AccountFacts) => Promise<void>
  readonly revoke: (login: LoginFacts) => Promise<void>
  /** False when the whole history could not be read. */
  readonly readHistory: (accountId: string) => Promise<boolean>
}

const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 20_000]
const REPEATED_SHARE = 0.3

export function createExchange(world: World, keyring: Keyring): Exchange {
  const { clock, ledger, random, counter } = world

  const api = (method: string, path: string, body?: unknown) =>
    world.ask({
      method,
      url: PUBLIC_ORIGIN + path,
      headers: {
        authorization: `Bearer ${keyring.exchange.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? '' : JSON.stringify(body),
    })

  /** Until it is answered with one of these, with growing pauses. */
  async function insist(
    what: string,
    statuses: readonly number[],
    request: () => Promise<HttpAnswer | null>,
  ): Promise<void> {
    const done = world.open(what)
    for (let tries = 0; ; tries += 1) {
      const answer = await request()
      if (answer && statuses.includes(answer.status)) break
      await clock.sleep(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0)
    }
    done()
  }

  function postEvent(webhookId: string, type: string, at: number, data: object) {
    const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
    const timestamp = String(Math.floor(clock.now() / 1_000))
    const key = Buffer.from(keyring.exchange.webhook.replace('whsec_', ''), 'base64')
    const signed = `${webhookId}.${timestamp}.${body}`
    const signature = createHmac('sha256', key).update(signed).digest('base64')
    const headers = {
      'content-type': 'application/json',
      'webhook-id': webhookId,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    }
    return world.ask({ method: 'POST', url: `${PUBLIC_ORIGIN}/v1/events`, headers, body })
  }

  async function postLogin(login: LoginFacts, device: string): Promise<HttpAnswer | null> {
    const answer = await postEvent(login.webhookId, 'login.succeeded', login.occurredAt, {
      account_id: login.accountId,
      session_id: login.sessionId,
      ip: '203.0.113.77',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      device_name: device,
      country: 'DE',
      city: 'Frankfurt',
    })
    if (!answer) return null
    const fields = recordOf(getJson(answer.body))
    const isDuplicate = fields.duplicate === true
    login.answers.push({ at: clock.now(), status: answer.status, isDuplicate })
    world.log(
      'exchange',
      `login ${login.webhookId} of ${login.accountId}: ${answer.status}${isDuplicate ? ' duplicate' : ''}`,
    )
    if (isDuplicate) counter.note('event_duplicate')
    if (answer.status === 503) counter.note('event_refused')
    if (answer.status !== 202) return answer
    login.acceptedAt ??= clock.now()
    const alertId = textOf(fields.alert_id) ?? ''
    login.alertId ??= alertId
    if (login.alertId !== alertId) login.otherIds.push(alertId)
    return answer
  }

  return {
    importAccount: (account) =>
      insist(`import of ${account.id}`, [200], () =>
        api('PUT', `/v1/accounts/${account.id}`, {
          phone: account.phone,
          locale: 'en',
          alerts: account.alerts,
        }),
      ),

    login: async (account, device, isCalm = false) => {
      const number = ledger.logins.length + 1
      const login: LoginFacts = {
        accountId: account.id,
        webhookId: `w${number}`,
        sessionId: `s${number}`,
        occurredAt: clock.now(),
        acceptedAt: null,
        alertId: null,
        otherIds: [],
        endedAt: null,
        answers: [],
        isCalm,
      }
      ledger.logins.push(login)
      await insist(`login ${login.webhookId}`, [202], () => postLogin(login, device))
      if (isCalm || !random.chance(REPEATED_SHARE)) return
      await clock.sleep(random.whole(0, random.pick([2_000, 30_000])))
      await postLogin(login, device)
    },

    endSession: (login) => {
      login.endedAt ??= clock.now()
      const data = { account_id: login.accountId, session_id: login.sessionId }
      return insist(`end of ${login.sessionId}`, [202], () =>
        postEvent(`e_${login.sessionId}`, 'session.ended', clock.now(), data),
      )
    },

    askHold: async (accountId) => {
      const askedAt = clock.now()
      const answer = await api('GET', `/v1/accounts/${accountId}/hold`)
      if (answer?.status !== 200) return
      const fields = recordOf(getJson(answer.body))
      const until = textOf(fields.until)
      ledger.holds.push({
        accountId,
        askedAt,
        answeredAt: clock.now(),
        held: fields.held === true,
        until: until === null ? null : Date.parse(until),
      })
      world.log('exchange', `hold of ${accountId}: ${String(fields.held)} ${until ?? ''}`)
    },

    lift: async (accountId) => {
      const act = { accountId, at: clock.now(), answeredAt: null, status: null }
      const lift: { -readonly [Key in keyof typeof act]: (typeof ledger.lifts)[number][Key] } = act
      ledger.lifts.push(lift)
      const answer = await api('DELETE', `/v1/accounts/${accountId}/hold`, { reason: 'asked' })
      lift.status = answer?.status ?? null
      lift.answeredAt = answer && clock.now()
      world.log('exchange', `lifts the hold of ${accountId}: ${lift.status}`)
    },

    lock: async (account) => {
      const act = noteAct(world, account, 'api', null)
      const answer = await api('POST', `/v1/accounts/${account.id}/lock`)
      act.status = answer?.status ?? null
      act.answeredAt = answer && clock.now()
      world.log('exchange', `locks ${account.id}: ${act.status}`)
      act.lockId = textOf(recordOf(getJson(answer?.body ?? '')).lock_id)
      if (act.status === 201) counter.note('lock_by_api')
    },

    revoke: async ({ accountId, sessionId }) => {
      const act = { accountId, sessionId, at: clock.now(), status: null as number | null }
      ledger.revokes.push(act)
      const answer = await api('DELETE', `/v1/accounts/${accountId}/sessions/${sessionId}`)
      act.status = answer?.status ?? null
      world.log('exchange', `revokes ${sessionId} of ${accountId}: ${act.status}`)
    },

    readHistory: async (accountId) => {
      const askedAt = clock.now()
      const logins: ShownLogin[] = []
      for (let cursor = ''; ; ) {
        const query = cursor === '' ? '' : `&cursor=${cursor}`
        const answer = await api('GET', `/v1/accounts/${accountId}/logins?limit=100${query}`)
        if (answer?.status !== 200) return false
        const page = recordOf(getJson(answer.body))
        if (Array.isArray(page.logins)) logins.push(...page.logins.map(toShown))
        cursor = textOf(page.next_cursor) ?? ''
        if (cursor === '') break
      }
      ledger.histories.push({ accountId, askedAt, answeredAt: clock.now(), logins })
      return true
    },
  }
}
