// One SMS provider: its real protocol from test/world, and a temper drawn from the seed. Keeps what it was
// asked, whether it took the text, and whether its caller can know that.

import type { CarrierFault, CarrierProtocol, WireRequest } from '../../world/carrier-protocol.ts'
import type { AccountFacts, CallFacts } from '../ledger.ts'
import type { Trouble } from '../machine/episodes.ts'
import type { Caller, Host, HostReply, HttpAnswer, HttpRequest } from '../machine/network.ts'
import type { World } from '../world.ts'
import { alertNumbersIn } from './texts.ts'

export const PROVIDER_TROUBLES = {
  hang: 3,
  hang_taken: 3,
  too_slow: 2,
  slow: 2,
  error: 2,
  error_taken: 1,
  throttled: 1,
  rejected: 1,
  refused: 2,
  reset: 1,
  reset_taken: 2,
  garbage: 1,
  garbage_taken: 1,
  open_body: 1,
  lost: 2,
} as const
export type ProviderTrouble = keyof typeof PROVIDER_TROUBLES

const NOT_TAKEN = new Set<ProviderTrouble | null>([
  'hang',
  'error',
  'throttled',
  'rejected',
  'refused',
  'reset',
  'garbage',
])

/** Whose number it is, or whose trusted contact's. */
export type Reader = { readonly account: AccountFacts; readonly isContact: boolean }

export type ProviderOptions = {
  readonly protocol: CarrierProtocol
  readonly world: World
  readonly trouble: Trouble<ProviderTrouble>
  readonly readerOf: (phone: string) => Reader | undefined
  /** What becomes of a text that was taken: the phone, the receipts. */
  readonly handOn: (taken: Taken) => void
}

export type Taken = {
  readonly protocol: CarrierProtocol
  readonly message: ReturnType<CarrierProtocol['judge']>['messages'][number]
  readonly call: CallFacts
  /** It was accepted and will go nowhere. */
  readonly isLost: boolean
}

export function createProvider(options: ProviderOptions): Host {
  const { protocol, world, trouble } = options
  return (request, caller) => {
    const now = world.clock.now()
    const wire = toWire(request)
    const seen = protocol.judge(wire, now).seen
    const reader = options.readerOf(seen.to ?? '')
    if (!reader) throw new Error(`${protocol.name} was asked to write to nobody we know`)
    const isGone = now >= reader.account.goneAt && !reader.isContact
    const verdict = isGone ? protocol.judge(toNobody(wire), now) : protocol.judge(wire, now)
    if (verdict.refusal !== null && !isGone) {
      throw new Error(`${protocol.name} does not understand us: ${verdict.refusal}`)
    }
    const kind = trouble.at(now)
    const [message] = NOT_TAKEN.has(kind) ? [] : verdict.messages
    if (isGone && kind === null) world.counter.note('call_refused_for_good')
    const reply = answer(options, kind, verdict.answer, () =>
      protocol.faultAnswer(FAULTS[kind ?? ''] ?? 'server-error', verdict, now),
    )
    const call = note(options, reader, seen.text ?? '', kind, message !== undefined, reply, caller)
    if (message) {
      protocol.remember(message)
      options.handOn({ protocol, message, call, isLost: kind === 'lost' })
    }
    return reply
  }
}

const FAULTS: Readonly<Record<string, CarrierFault>> = {
  throttled: 'throttled',
  rejected: 'rejected',
}

function answer(
  { world }: ProviderOptions,
  kind: ProviderTrouble | null,
  own: HttpAnswer,
  fault: () => HttpAnswer,
): HostReply {
  const quickMs = world.random.whole(5, 250)
  switch (kind) {
    case null:
    case 'lost':
      return { afterMs: quickMs, answer: own }
    case 'slow':
      return { afterMs: world.random.whole(600, 1_400), answer: own }
    case 'too_slow':
      return { afterMs: world.random.whole(1_600, 9_000), answer: own }
    case 'hang':
    case 'hang_taken':
      world.counter.note('call_hung')
      return 'never'
    case 'error':
    case 'error_taken':
    case 'throttled':
    case 'rejected':
      return { afterMs: quickMs, answer: fault() }
    case 'refused':
      return { afterMs: 0, reset: true }
    case 'reset':
    case 'reset_taken':
      return { afterMs: quickMs, reset: true }
    case 'garbage':
    case 'garbage_taken':
      return { afterMs: quickMs, answer: { status: 200, headers: {}, body: '<html>OK</html>' } }
    case 'open_body':
      return { afterMs: quickMs, answer: own, isBodyOpen: true }
  }
}

function note(
  { world, protocol }: ProviderOptions,
  { account, isContact }: Reader,
  text: string,
  trouble: ProviderTrouble | null,
  isTaken: boolean,
  reply: HostReply,
  caller: Caller,
): CallFacts {
  const call: CallFacts = {
    id: world.ledger.calls.length + 1,
    provider: protocol.name,
    at: world.clock.now(),
    accountId: account.id,
    isToContact: isContact,
    text,
    alertNumbers: alertNumbersIn(text),
    trouble,
    isTaken,
    isAccepting: isTaken && reply !== 'never' && 'answer' in reply && isAccepting(trouble),
    caller,
    reachedPhoneAt: null,
    receipts: [],
  }
  world.ledger.calls.push(call)
  const about = call.alertNumbers.map((number) => `#${number}`).join(' ') || 'notice'
  const how = trouble ?? (isTaken ? 'ok' : 'no such number')
  const { isolate } = caller.invocation
  world.log(protocol.name, `call ${call.id} ${account.id} ${about} from iso${isolate.id}: ${how}`)
  return call
}

function isAccepting(trouble: ProviderTrouble | null): boolean {
  return trouble !== 'garbage_taken' && trouble !== 'error_taken'
}

function toWire({ method, url, headers, body }: HttpRequest): WireRequest {
  const { pathname, search } = new URL(url)
  return { method, target: pathname + search, headers, body }
}

/** The vendor's own number for "there is no such number", in place of the one called. */
function toNobody(wire: WireRequest): WireRequest {
  const body = wire.body
    .replace(/\bTo=%2B\d+/, 'To=%2B15005550001')
    .replace(/"to":"\d+"/, '"to":"15005550001"')
  return { ...wire, body }
}
