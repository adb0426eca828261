// What the exchange says of a lock's actions: nothing, with its 2xx to the callback, which means all; or some of them there and
// the others later by the API, also more often than once, also that one failed which it had done. Or what nobody can read.

import type { CallbackFacts } from '../ledger.ts'
import type { HttpAnswer } from '../machine/network.ts'
import type { Random } from '../machine/random.ts'
import { getJson, recordOf, textOf, type World } from '../world.ts'
import type { Calls } from './calls.ts'

const ANSWERS = {
  all: 9,
  partly: 3,
  failed: 2,
  garbage: 1,
  cut_off: 1,
  of_another: 1,
  unknown_names: 1,
} as const

export type LockAnswers = {
  /** To a signed `account.locked`, with 2xx; says the others later. */
  readonly answerTo: (locked: CallbackFacts) => HttpAnswer
  /** As they are, once everything rests. */
  readonly readActions: (accountId: string, lockId: string) => Promise<boolean>
}

export function createLockAnswers(world: World, random: Random, calls: Calls): LockAnswers {
  const { clock, ledger, counter } = world
  const followed = new Set<string>()

  async function post(
    accountId: string,
    lockId: string,
    said: { readonly done: readonly string[]; readonly failed: readonly string[] } | null,
  ): Promise<HttpAnswer | null> {
    const askedAt = clock.now()
    if (said) ledger.actionsSaid.push({ accountId, lockId, at: askedAt, ...said })
    const path = `/v1/accounts/${accountId}/locks/${lockId}/actions`
    const answer = await calls.api('POST', path, said ?? undefined)
    const what = said ? `done ${said.done.join(' ')} failed ${said.failed.join(' ')}` : 'reads'
    world.log('exchange', `actions of ${accountId} ${lockId}: ${what}: ${answer?.status ?? null}`)
    if (answer?.status !== 200) return answer
    const fields = recordOf(getJson(answer.body))
    const actions: unknown[] = Array.isArray(fields.actions) ? fields.actions : []
    ledger.actionReadings.push({
      ...{ accountId, lockId, askedAt, answeredAt: clock.now(), done: said?.done ?? [] },
      actions: actions.map((action) => {
        const { action: name, state, at } = recordOf(action)
        return { action: textOf(name) ?? '', state: textOf(state) ?? '', at: textOf(at) }
      }),
      confirmedAt: textOf(fields.confirmed_at),
    })
    return answer
  }

  /** One after the other, in the end all of them. */
  async function follow(accountId: string, lockId: string, asked: readonly string[]) {
    const done = world.open(`the actions of ${lockId}`)
    const later = random.shuffled(asked)
    const half = later.slice(0, random.whole(0, later.length - 1))
    await clock.sleep(random.whole(500, 60_000))
    // A try that may be lost.
    await post(accountId, lockId, { done: half, failed: later.slice(half.length, half.length + 1) })
    await clock.sleep(random.whole(500, 60_000))
    await calls.insist(`all actions of ${lockId}`, [200], () =>
      post(accountId, lockId, { done: asked, failed: [] }),
    )
    if (random.chance(0.5)) {
      counter.note('action_taken_back')
      await post(accountId, lockId, { done: [], failed: later.slice(0, 2) })
    }
    done()
  }

  return {
    answerTo: ({ accountId, data }) => {
      const lockId = textOf(data.lock_id) ?? ''
      const asked = (Array.isArray(data.actions) ? data.actions : []).map(String)
      const kind = random.weighted(ANSWERS)
      const some = random.shuffled(asked).slice(0, random.whole(0, asked.length - 1))
      const others = asked.filter((name) => !some.includes(name))
      const say = (done: 'all' | readonly string[], failed: readonly string[]) => {
        ledger.actionsSaid.push({ accountId, lockId, at: clock.now(), done, failed })
        if (done === 'all') return
        counter.note('lock_answered_partly')
        if (followed.has(lockId)) return
        followed.add(lockId)
        void follow(accountId, lockId, asked)
      }
      switch (kind) {
        case 'all':
          say('all', [])
          return { status: 204, headers: {}, body: '' }
        case 'garbage':
          say('all', [])
          return json('<html>OK</html>')
        case 'partly':
          say(some, [])
          return json(JSON.stringify({ done: some }))
        case 'failed':
          say(some, others)
          // Done wins where both name one.
          return json(JSON.stringify({ done: some, failed: asked }))
        case 'unknown_names':
          say(some, [])
          return json(JSON.stringify({ done: ['coffee.make', ...some], failed: ['tea.make'] }))
        case 'of_another':
          say([], [])
          return json(JSON.stringify({ lock_id: 'lck_other', done: asked }))
        case 'cut_off':
          say([], [])
          return json(JSON.stringify({ done: asked }).slice(0, -3))
      }
    },
    readActions: async (accountId, lockId) => (await post(accountId, lockId, null))?.status === 200,
  }
}

function json(body: string): HttpAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}
