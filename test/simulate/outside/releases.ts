// The owner ends a hold: "it was me" behind an alert's link, by a passkey or a code, however old that is; a signature on the page
// of the hold; and the link that stops what the exchange asked for. Tries once: what comes of it is told elsewhere.

import type { ReleaseAct, SignAct, StopAct } from '../acts.ts'
import type { AccountFacts } from '../ledger.ts'
import { PUBLIC_ORIGIN, type World } from '../world.ts'
import type { Passkeys } from './passkeys.ts'
import { totpAt, type Visits } from './visits.ts'

export type Releases = {
  readonly release: (account: AccountFacts, link: string) => Promise<void>
  readonly sign: (account: AccountFacts) => Promise<void>
  readonly stop: (
    account: AccountFacts,
    link: { readonly url: string; readonly dueAt: number },
  ) => Promise<void>
}

const HOLD_PAGE = `${PUBLIC_ORIGIN}/portal/hold`

export function createReleases(
  world: World,
  { visits, passkeys }: { readonly visits: Visits; readonly passkeys: Passkeys },
): Releases {
  const { clock, ledger, counter } = world
  const read = (url: string, cookie = '') =>
    world.ask({ method: 'GET', url, headers: cookie === '' ? {} : { cookie }, body: '' })

  /** Whichever of the two the page asks for, the passkey first; null where it asks for nothing. */
  function proofFor({ id, passkeySince }: AccountFacts, page: string) {
    const answer = passkeySince === null ? null : passkeys.answer(id, page)
    if (answer) return { by: 'passkey', fields: answer } as const
    const shown = /name="shown" value="([^"]*)"/.exec(page)?.[1]
    if (shown === undefined) return null
    return {
      by: 'code',
      fields: new URLSearchParams({ shown, totp: totpAt(clock.now()) }),
    } as const
  }

  return {
    release: async (account, link) => {
      const url = `${link}/confirm`
      const page = await read(url)
      const proof = proofFor(account, page?.body ?? '')
      if (page && !proof) world.log('owner', `${account.id} cannot say that it was them`)
      if (page?.body.includes('set up at least') && !proof) counter.note('proof_too_young')
      if (!proof) return
      const act: ReleaseAct = {
        ...{ accountId: account.id, by: proof.by, at: clock.now() },
        ...{ answeredAt: null, status: null, isReleased: false },
      }
      ledger.releases.push(act)
      const answer = await visits.submit(url, proof.fields)
      act.status = answer?.status ?? null
      act.answeredAt = answer && clock.now()
      act.isReleased = act.status === 200 && (answer?.body.includes('The wait has ended') ?? false)
      const what = act.isReleased ? ', released' : ''
      world.log('owner', `${account.id} says that it was them, by ${act.by}: ${act.status}${what}`)
    },

    sign: async (account) => {
      const cookie = await visits.enter(account)
      const page = cookie && (await read(HOLD_PAGE, cookie))?.body
      if (!cookie || !page?.includes('name="hold_id"')) return
      const answer = passkeys.answer(account.id, page)
      const fieldOf = (name: string) =>
        new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
      if (!answer) return
      answer.set('hold_id', fieldOf('hold_id'))
      answer.set('expires_at', fieldOf('expires_at'))
      const act: SignAct = {
        ...{ accountId: account.id, at: clock.now(), answeredAt: null, status: null },
        isLifted: false,
      }
      ledger.signs.push(act)
      const signed = await visits.submit(`${HOLD_PAGE}/lift`, answer, cookie)
      act.status = signed?.status ?? null
      act.answeredAt = signed && clock.now()
      act.isLifted = signed?.headers.location?.includes('lifted') ?? false
      const what = act.isLifted ? ', lifted' : ''
      world.log('owner', `${account.id} signs the hold away: ${act.status}${what}`)
    },

    stop: async (account, { url, dueAt }) => {
      const act: StopAct = {
        ...{ accountId: account.id, dueAt, at: clock.now(), answeredAt: null, status: null },
      }
      ledger.liftStops.push(act)
      const answer = await visits.submit(url, {})
      act.status = answer?.status ?? null
      act.answeredAt = answer && clock.now()
      world.log('owner', `${account.id} stops the lift: ${act.status}`)
      if (act.status === 200) counter.note('lift_stopped')
      if (act.status === 410) counter.note('lift_stop_too_late')
    },
  }
}
