// The ways to lock without a link: the passkey and the code on /lock, and the trusted contact's SMS. Who is named as a contact
// tells the owner the code, and learns the word. Each tries again where nothing could take it.

import { replyAddress } from '../../world/inbound-text.ts'
import type { LockAct } from '../acts.ts'
import type { AccountFacts } from '../ledger.ts'
import type { HttpAnswer } from '../machine/network.ts'
import type { Random } from '../machine/random.ts'
import { PUBLIC_ORIGIN, type World } from '../world.ts'
import { noteAct, type Replies } from './owner.ts'
import type { Passkeys } from './passkeys.ts'
import type { Taken } from './provider.ts'
import { contactCodeIn, noticeIn } from './texts.ts'
import { how, isAskedFirst, totpAt, type Visits } from './visits.ts'

export type LockWays = {
  readonly lockByPasskey: (account: AccountFacts) => Promise<void>
  /** `code`: of the alert's SMS. */
  readonly lockByCode: (account: AccountFacts, alertNumber: number, code: string) => Promise<void>
  /** Names the contact and, once they have told it, types their code. */
  readonly nameContact: (account: AccountFacts) => Promise<void>
  /** Of a text on the contact's phone. */
  readonly readAsContact: (account: AccountFacts, taken: Taken) => void
  /** Nothing before the contact knows what to send, and whereto. */
  readonly lockByContact: (account: AccountFacts) => Promise<void>
}

const LOCK_PAGE = `${PUBLIC_ORIGIN}/lock`
const WAYS_PAGE = `${PUBLIC_ORIGIN}/portal/ways`
const WORD = 'Kingfisher 7'
const TRIES_MAX = 20

export function createLockWays(
  world: World,
  random: Random,
  room: { readonly visits: Visits; readonly passkeys: Passkeys; readonly replies: Replies },
): LockWays {
  const { clock, ledger, counter } = world
  const { visits, passkeys, replies } = room
  const cookies = new Map<string, string>()
  const contacts = new Map<string, Taken>()

  /** Until it is answered with anything but that nothing could take it. */
  async function press(
    account: AccountFacts,
    act: () => LockAct,
    ask: () => Promise<HttpAnswer | null>,
  ): Promise<void> {
    const done = world.open(`a lock of ${account.id}`)
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const one = act()
      const answer = await ask()
      one.status = answer?.status ?? null
      one.answeredAt = answer && clock.now()
      one.isAsked = isAskedFirst(answer)
      world.log('owner', `${account.id} locks by ${one.via}: ${how(one)}`)
      if (one.status !== null && one.status < 500) break
      await clock.sleep(random.whole(2_000, 10_000))
    }
    done()
  }

  return {
    lockByPasskey: async (account) => {
      const page = await world.ask({ method: 'GET', url: LOCK_PAGE, headers: {}, body: '' })
      const answer = passkeys.answer(account.id, page?.body ?? '')
      if (answer === null) return
      // The same answer again is the same lock.
      const act = noteAct(world, account, 'passkey', null)
      await press(
        account,
        () => act,
        () => visits.submit(`${LOCK_PAGE}/passkey`, answer),
      )
    },

    lockByCode: (account, alertNumber, code) =>
      press(
        account,
        () => noteAct(world, account, 'code', alertNumber),
        () => visits.submit(LOCK_PAGE, { phone: account.phone ?? '', code }),
      ),

    nameContact: async (account) => {
      const { id, contactPhone } = account
      if (contactPhone === null) return
      const cookie = await visits.enter(account)
      if (cookie === null) return
      cookies.set(id, cookie)
      ledger.ways.push({ accountId: id, way: 'contact', at: clock.now() })
      const fields = { phone: contactPhone, word: WORD, totp: totpAt(clock.now()) }
      const asked = await visits.submit(`${WAYS_PAGE}/contact`, fields, cookie)
      world.log('owner', `${id} names a contact: ${asked?.status ?? null}`)
    },

    readAsContact: (account, taken) => {
      const { text } = taken.call
      const cookie = cookies.get(account.id)
      const code = contactCodeIn(text)
      if (code !== null && cookie !== undefined) {
        clock.after(random.whole(2_000, 20_000), async () => {
          const typed = await visits.submit(`${WAYS_PAGE}/contact/code`, { code }, cookie)
          world.log('owner', `${account.id} types the contact's code: ${typed?.status ?? null}`)
        })
      }
      if (noticeIn(text) === 'contact_added') {
        counter.note('contact_made')
        contacts.set(account.id, taken)
      }
    },

    lockByContact: async (account) => {
      const taken = contacts.get(account.id)
      const way = replies.get(taken?.protocol.name ?? '')
      const to = replyAddress(taken?.message.from ?? '')
      if (!way || !to || account.contactPhone === null) return
      const isRight = random.chance(0.9)
      const text = isRight ? `LOCK ${WORD}` : 'LOCK cormorant'
      // A provider that had no answer brings the same text again.
      const written = way.write({ from: account.contactPhone, to, text }, way.url, clock.now())
      const act = isRight ? noteAct(world, account, 'contact', null) : null
      await press(
        account,
        () => act ?? blankAct(account),
        () => world.ask({ method: 'POST', ...written }),
      )
    },
  }
}

/** Of a wrong word: asks for nothing. */
function blankAct({ id }: AccountFacts): LockAct {
  const act = { accountId: id, via: 'contact', alertNumber: null, at: 0, lockId: null } as const
  return { ...act, answeredAt: null, status: null, isAsked: false }
}
