// Thieves who do more than take the money at once: who plant a proof of their own, who come back after the owner's lock, or
// who have somebody at the exchange lift the hold where a lift is delayed. Each kind is a row of its own.

import { PUBLIC_ORIGIN } from '../simulate/world.ts'
import type { Account } from './account.ts'
import { OWNERS, READS_AFTER_MS } from './assumptions.ts'
import {
  type Planted,
  type ProofKind,
  plantByOtherCode,
  plantProof,
  releaseByPlanted,
  removePasskey,
} from './owners-pages.ts'
import type { Policy } from './policies.ts'
import { ASKED_AMOUNT, breakIn } from './thief.ts'
import type { World } from './world.ts'

export const TRIALS = [
  'plants_passkey',
  'plants_app',
  'plants_passkey_waits',
  'plants_app_waits',
  'plants_passkey_beside',
  'plants_app_beside',
  'removes_passkey',
  'removes_passkey_waits',
  'returns_early',
  'returns',
  'lift_stopped',
  'lift_unstopped',
] as const
export type TrialKind = (typeof TRIALS)[number]

/** Whom cooling-off holds for its hours, whatever else they do. */
export const HELD_TRIALS: readonly TrialKind[] = [
  'plants_passkey',
  'plants_app',
  'returns_early',
  'returns',
  'plants_passkey_beside',
  'plants_app_beside',
  'removes_passkey',
]

/** Whose owner has one, long before. */
export const PASSKEY_TRIALS: ReadonlySet<TrialKind> = new Set([
  'lift_stopped',
  'lift_unstopped',
  'plants_passkey_beside',
  'plants_app_beside',
  'removes_passkey',
  'removes_passkey_waits',
])

export type Trial = {
  readonly kind: TrialKind
  /** From the act that he wants the money by until it was gone; null: it is still there. */
  readonly lostAfterMs: number | null
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A proof of this age is no longer new. */
const PLANTED_MS = 73 * HOUR_MS
const LOCK_MS = 24 * HOUR_MS
/** No hold goes on for longer after its hours. */
const REST_MS = 12 * HOUR_MS
/** Whoever has planted a proof tries it this often. */
const TRIES_EVERY_MS = HOUR_MS

/** Null where the policy has no such thing. */
export async function runTrial(
  world: World,
  account: Account,
  kind: TrialKind,
  policy: Policy,
): Promise<Trial | null> {
  switch (kind) {
    case 'plants_passkey':
    case 'plants_app':
      return { kind, lostAfterMs: await plants(world, account, proofOf(kind), policy, 0) }
    case 'plants_passkey_waits':
    case 'plants_app_waits':
      return { kind, lostAfterMs: await plants(world, account, proofOf(kind), policy, PLANTED_MS) }
    case 'plants_passkey_beside':
    case 'plants_app_beside':
      await plantInVain(world, account, proofOf(kind))
      return { kind, lostAfterMs: await waitAndTake(world, account, null, policy, PLANTED_MS) }
    case 'removes_passkey':
    case 'removes_passkey_waits': {
      if (!(await removePasskey(world, account))) throw new Error('the pages kept the passkey')
      const waitsMs = kind === 'removes_passkey' ? 0 : PLANTED_MS
      return { kind, lostAfterMs: await plants(world, account, 'passkey', policy, waitsMs) }
    }
    case 'returns_early':
      return { kind, lostAfterMs: await returns(world, account, policy, LOCK_MS - HOUR_MS) }
    case 'returns':
      return { kind, lostAfterMs: await returns(world, account, policy, LOCK_MS + HOUR_MS) }
    case 'lift_stopped':
    case 'lift_unstopped': {
      if (policy.liftDelayHours === 0) return null
      const stopsAfterMs = kind === 'lift_stopped' ? drawReading(world) : null
      return { kind, lostAfterMs: await liftLater(world, account, policy, stopsAfterMs) }
    }
  }
}

const proofOf = (kind: TrialKind): ProofKind => (kind.includes('passkey') ? 'passkey' : 'app')

function drawReading({ random }: World): number {
  const owner = random.pick(OWNERS)
  return random.whole(...READS_AFTER_MS[owner])
}

/** He has a session and reads the SMS, whose owner never sees one. */
async function plants(
  world: World,
  account: Account,
  proof: ProofKind,
  policy: Policy,
  waitsMs: number,
): Promise<number | null> {
  // Added first, so that it is as old as it can be.
  const planted = await plantProof(world, account, proof)
  if (planted === null) throw new Error(`the pages took no ${proof}`)
  return waitAndTake(world, account, planted, policy, waitsMs)
}

/** Beside the owner's passkey, with every code by SMS that he can have. */
async function plantInVain(world: World, account: Account, proof: ProofKind): Promise<void> {
  const planted =
    (await plantProof(world, account, proof)) ?? (await plantByOtherCode(world, account, proof))
  if (planted !== null) throw new Error(`beside the owner’s the pages took: ${proof}`)
}

async function waitAndTake(
  world: World,
  account: Account,
  planted: Planted | null,
  policy: Policy,
  waitsMs: number,
): Promise<number | null> {
  await world.sleep(waitsMs)
  const startedAt = world.now()
  const theft = await take(world, account)
  const endAt = startedAt + (policy.coolingOffHours + REST_MS / HOUR_MS) * HOUR_MS
  await world.sleep(MINUTE_MS)
  while (world.now() < endAt && !(await isSent(world, account, theft))) {
    const texts = world.phones.textsOf(account.phone)
    const links = texts.flatMap(({ at, link }) => (at >= startedAt && link !== null ? link : []))
    for (const link of new Set(links)) {
      if (planted !== null) await releaseByPlanted(world, planted, link)
    }
    await world.sleep(TRIES_EVERY_MS)
  }
  return sentAfter(world, account, theft, startedAt)
}

/** The owner has locked, and changed nothing at the exchange: the password is the same; no text is read the second time. */
async function returns(
  world: World,
  account: Account,
  policy: Policy,
  afterMs: number,
): Promise<number | null> {
  const firstAt = world.now()
  await breakIn(world, account)
  const text = await world.phones.linkAfter(account.phone, firstAt, HOUR_MS)
  if (!text?.link) throw new Error('nobody was told of the first time')
  await tap(world, text.link)
  await world.sleep(afterMs)
  const startedAt = world.now()
  const theft = await take(world, account)
  await world.sleep(Math.max(policy.coolingOffHours * HOUR_MS, HOUR_MS) + REST_MS)
  return sentAfter(world, account, theft, startedAt)
}

/** The hold of an owner with a passkey, whom nobody woke but by the text that says when the hold is to be lifted. */
async function liftLater(
  world: World,
  account: Account,
  policy: Policy,
  stopsAfterMs: number | null,
): Promise<number | null> {
  const startedAt = world.now()
  const theft = await take(world, account)
  await world.sleep(MINUTE_MS)
  const askedAt = world.now()
  const asked = await world.insider.liftHold(account.id, 'owner called')
  if (asked.kind !== 'asked') throw new Error(`the lift was answered ${asked.kind}`)
  const stopping = stopsAfterMs === null ? null : stopLift(world, account, askedAt, stopsAfterMs)
  await world.sleep(policy.liftDelayHours * HOUR_MS + MINUTE_MS)
  world.tick()
  await stopping
  await world.sleep(policy.coolingOffHours * HOUR_MS)
  return sentAfter(world, account, theft, startedAt)
}

async function stopLift(
  world: World,
  account: Account,
  since: number,
  readsAfterMs: number,
): Promise<void> {
  await world.sleep(readsAfterMs)
  const texts = world.phones.textsOf(account.phone).filter(({ at }) => at >= since)
  const link = texts.map(({ text }) => /https:\/\/\S+\/s\/[\w.-]+/.exec(text)?.[0]).find(Boolean)
  if (link === undefined) throw new Error('nobody was told of the lift')
  const { status } = await tapped(world, link)
  // Who comes too late is told so.
  if (status !== 200 && status !== 410) throw new Error(`a stop was answered ${status}`)
}

async function tap(world: World, link: string): Promise<void> {
  const { status } = await tapped(world, link)
  if (status !== 303) throw new Error(`a tap was answered ${status}`)
}

function tapped(world: World, url: string) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: PUBLIC_ORIGIN }
  return world.ask({ method: 'POST', url, headers, body: '' })
}

/** Logs in as a script does, and asks for the money; null where he was refused it. */
async function take(world: World, account: Account): Promise<string | null> {
  const { actor, addressId } = await breakIn(world, account)
  const wish = { addressId, amount: ASKED_AMOUNT }
  const asked = await world.exchange.requestWithdrawal(account.id, wish, actor)
  return asked.kind === 'done' ? asked.id : null
}

async function isSent(world: World, account: Account, id: string | null): Promise<boolean> {
  return (await sentAfter(world, account, id, 0)) !== null
}

async function sentAfter(
  { exchange }: World,
  account: Account,
  id: string | null,
  since: number,
): Promise<number | null> {
  const { withdrawals } = await exchange.read(account.id)
  const money = withdrawals.find((one) => one.id === id)
  if (money?.state !== 'sent' || money.settledAt === null) return null
  return money.settledAt - since
}
