// The thief of the world's page: signs in with a stolen password and digs in, step by step, by what the exchange offers to
// anybody who is signed in. What a lock took from him, he cannot use any more.

import type { Actor, ActResult } from '../../examples/exchange/acts.ts'
import { DEMO_ACCOUNT_ID } from './demo.ts'
import type { Exchange } from './exchange.ts'
import type { Outcome } from './send-reply.ts'

export const THIEF_ACTS = [
  { id: 'login', title: 'Logs in', detail: 'With the stolen password' },
  { id: 'api_key', title: 'Makes an API key', detail: 'It outlives his session' },
  { id: 'address', title: 'Adds an address', detail: 'His own wallet' },
  { id: 'withdrawal', title: 'Asks a withdrawal', detail: 'Of everything, to his address' },
  { id: 'order', title: 'Places an order', detail: 'At a price that suits him' },
] as const
export type ThiefAct = (typeof THIEF_ACTS)[number]['id']

export function isThiefAct(text: unknown): text is ThiefAct {
  return THIEF_ACTS.some(({ id }) => id === text)
}

/** Names of what is his, as he would choose them: they are in the owner's SMS. The page marks them. */
const HIS = {
  session: 'Windows PC, through a VPN',
  key: 'Trading bot 2',
  address: 'Ledger Nano',
  order: 'Sell everything at half the price',
} as const
const STOLEN_AMOUNT = 2_500_000

export function isThiefs(name: string): boolean {
  return Object.values(HIS).some((his) => his === name)
}

const ACTOR = {
  ip: '146.70.100.20',
  userAgent:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
}

export async function thiefActs({ example }: Exchange, act: ThiefAct): Promise<Outcome> {
  const { sessions, apiKeys, addresses } = await example.read(DEMO_ACCOUNT_ID)
  const session = sessions.find(({ label, state }) => isThiefs(label) && state === 'live')
  const hasKey = apiKeys.some(({ name, state }) => isThiefs(name) && state === 'live')
  const actor: Actor = { id: session?.id ?? null, ...ACTOR }
  if (act === 'login') {
    await example.logIn({ accountId: DEMO_ACCOUNT_ID, label: HIS.session, ...ACTOR })
    return { ok: true, message: 'The thief is in. Watch the phone.' }
  }
  const isAllowed = session !== undefined || (hasKey && (act === 'withdrawal' || act === 'order'))
  if (!isAllowed) {
    const message = hasKey
      ? 'The thief has no session: with his API key he can only trade and withdraw.'
      : 'The thief has neither a session nor an API key: he is out.'
    return { ok: false, message }
  }
  switch (act) {
    case 'api_key': {
      const { result } = await example.makeApiKey(DEMO_ACCOUNT_ID, HIS.key, actor)
      return toOutcome(result, 'The thief has an API key.')
    }
    case 'address': {
      const address = { name: HIS.address, address: 'TQ5k9mYwX2vB7nL4hR8sD3fG6jP1zC0aEt' }
      const result = await example.addAddress(DEMO_ACCOUNT_ID, address, actor)
      return toOutcome(result, 'The thief’s address is in the address book.')
    }
    case 'order':
      return toOutcome(
        await example.placeOrder(DEMO_ACCOUNT_ID, HIS.order),
        'The thief’s order is in the book.',
      )
    case 'withdrawal': {
      const his = addresses.filter(({ name }) => isThiefs(name)).at(-1)
      if (his === undefined) return { ok: false, message: 'The thief needs an address first.' }
      const asked = { addressId: his.id, amount: STOLEN_AMOUNT }
      const result = await example.requestWithdrawal(DEMO_ACCOUNT_ID, asked, actor)
      return toOutcome(result, 'Asked. The exchange asks Lockline before it lets it out.')
    }
  }
}

const REFUSALS = {
  credentials_frozen: 'The exchange changes nothing now: the account is locked.',
  locked: 'The exchange makes no API key now: the account is locked.',
  unknown_address: 'The exchange does not know that address.',
  address_frozen: 'The exchange sends nothing there: the address is frozen.',
  amount: 'The exchange refuses the amount.',
  address: 'The exchange refuses the address.',
} as const

function toOutcome(result: ActResult, message: string): Outcome {
  return result.kind === 'done'
    ? { ok: true, message }
    : { ok: false, message: REFUSALS[result.why] }
}
