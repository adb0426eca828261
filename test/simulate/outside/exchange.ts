// The exchange as it calls the Worker: accounts, events, the hold question, lifts, locks, histories. Everything it was told goes into the ledger.

import type { LiftAct } from '../acts.ts'
import type { AccountFacts, LoginFacts, ShownLogin } from '../ledger.ts'
import { getJson, recordOf, textOf, type World } from '../world.ts'
import type { Calls } from './calls.ts'
import { createEvents, type Events } from './events.ts'
import { toShown } from './history.ts'
import { noteAct } from './owner.ts'
import { TOTP_SECRET } from './visits.ts'

export type Exchange = Events & {
  readonly importAccount: (account: AccountFacts) => Promise<void>
  readonly endSession: (login: LoginFacts) => Promise<void>
  readonly askHold: (accountId: string) => Promise<void>
  readonly lift: (accountId: string) => Promise<void>
  readonly lock: (account: AccountFacts) => Promise<void>
  readonly revoke: (login: LoginFacts) => Promise<void>
  readonly readSessions: (accountId: string) => Promise<void>
  /** False when the whole history could not be read. */
  readonly readHistory: (accountId: string) => Promise<boolean>
}

export function createExchange(world: World, calls: Calls): Exchange {
  const { clock, ledger, counter } = world
  const { api, insist, postEvent } = calls
  const events = createEvents(world, calls)

  return {
    importAccount: async (account) => {
      account.importAskedAt = clock.now()
      await insist(`import of ${account.id}`, [200], () =>
        api('PUT', `/v1/accounts/${account.id}`, {
          phone: account.phone,
          locale: 'en',
          alerts: account.alerts,
          totp_secret: TOTP_SECRET,
        }),
      )
      account.importedAt = clock.now()
    },

    ...events,

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
      const reason = textOf(fields.reason)
      ledger.holds.push({
        accountId,
        askedAt,
        answeredAt: clock.now(),
        held: fields.held === true,
        until: until === null ? null : Date.parse(until),
        reason,
        holdId: textOf(fields.hold_id),
      })
      world.log('exchange', `hold of ${accountId}: ${reason ?? 'none'} ${until ?? ''}`)
    },

    lift: async (accountId) => {
      const lift: LiftAct = {
        ...{ accountId, at: clock.now(), answeredAt: null, status: null, dueAt: null, code: null },
      }
      ledger.lifts.push(lift)
      const answer = await api('DELETE', `/v1/accounts/${accountId}/hold`, { reason: 'asked' })
      const fields = recordOf(getJson(answer?.body ?? ''))
      const dueAt = textOf(fields.due_at)
      lift.status = answer?.status ?? null
      lift.answeredAt = answer && clock.now()
      lift.dueAt = dueAt === null ? null : Date.parse(dueAt)
      lift.code = textOf(fields.code)
      const why = lift.code ?? (dueAt === null ? '' : `due ${dueAt}`)
      world.log('exchange', `lifts the hold of ${accountId}: ${lift.status} ${why}`)
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

    readSessions: async (accountId) => {
      const answer = await api('GET', `/v1/accounts/${accountId}/sessions`)
      const { sessions } = recordOf(getJson(answer?.body ?? ''))
      if (!Array.isArray(sessions)) return
      const sessionIds = sessions.map((session) => textOf(recordOf(session).session_id) ?? '')
      ledger.sessions.push({ accountId, at: clock.now(), sessionIds })
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
