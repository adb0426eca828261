// The load, the moves and the rotation, all at once and for a fixed time: logins on a fixed schedule, one of five of the
// slot that is on its way; one slot after the other, there and back; the exchange and the traffic going over to the new keys
// and the later version bit by bit.

import { createLoginSigner, postLogin } from '../logins.ts'
import { type Client, type Shot, shootOpenLoop } from '../open-loop.ts'
import type { Person, SlotPeople } from './accounts.ts'
import { type Door, moveOne, type SlotMove } from './move-slots.ts'
import type { TwoVersions } from './two-versions.ts'

export type LoadRun = {
  readonly moves: readonly SlotMove[]
  readonly logins: readonly Login[]
  readonly seconds: number
}

export type Login = {
  readonly shot: Shot
  readonly person: Person
  /** Of the slot that was on its way when it was meant to leave. */
  readonly isHot: boolean
}

/** Then no other slot begins to move, and the logins end with the last move. */
const SECONDS = 75
/** If that move does not end. */
export const SECONDS_MAX = 100
const HOT_EVERY = 5
/** Instead of a minute: the walk shall meet the moves. */
const TICK_MS = 4_000
/** Their homes are of the second database. */
const ORDER = ['DB', 'DB_1'] as const

/** When, as shares of the time: traffic on both versions, the exchange signs with the new secret, the later version alone. */
const STEPS = { both: 0.25, signsNew: 0.5, laterAlone: 0.75 } as const

export async function moveUnderLoad(
  stage: TwoVersions,
  client: Client,
  people: { readonly ofSlots: readonly SlotPeople[]; readonly others: readonly Person[] },
  perSecond: number,
  linkOf: Door['linkOf'],
  say: (line: string) => void,
): Promise<LoadRun> {
  const startedAt = Date.now()
  const seconds = () => (Date.now() - startedAt) / 1_000
  const share = () => seconds() / SECONDS
  let turn = 0
  const origin = () => {
    const [former, later] = stage.origins
    turn += 1
    if (share() < STEPS.both) return former
    return share() >= STEPS.laterAlone || turn % 2 === 0 ? later : former
  }
  const [oldSecret, newSecret] = stage.webhookSecrets
  const [signOld, signNew] = [createLoginSigner(oldSecret), createLoginSigner(newSecret)]
  const targetNow = () => ({
    origins: [origin()],
    apiKey: stage.apiKey,
    sign: share() < STEPS.signsNew ? signOld : signNew,
  })

  let hot: Person[] = []
  const others = [...people.others]
  const drawn: Omit<Login, 'shot'>[] = []
  let isOver = false
  const shoot = (index: number) => {
    const first = index % HOT_EVERY === 0 ? hot.shift() : undefined
    const person = first ?? others.shift()
    if (!person) throw new Error('too few accounts')
    drawn.push({ person, isHot: first !== undefined })
    return postLogin(client, targetNow(), person.id, 0)
  }
  // Before that nothing is to be walked, and the later version would do it.
  const ticking = setInterval(() => {
    if (share() >= STEPS.both) void stage.tick()
  }, TICK_MS)
  const schedule = { perSecond, count: perSecond * SECONDS_MAX }
  const shooting = shootOpenLoop(schedule, shoot, () => isOver)
  const moves: SlotMove[] = []
  try {
    const door = { client, origin, apiKey: stage.apiKey, opsKey: stage.opsKey, linkOf }
    for (let turnOf = 0; seconds() < SECONDS; turnOf += 1) {
      const ofSlot = people.ofSlots[turnOf % people.ofSlots.length]
      const to = ORDER[Math.floor(turnOf / people.ofSlots.length) % ORDER.length]
      if (!ofSlot || !to) throw new Error('no slot is to move')
      hot = ofSlot.hot
      moves.push(await moveOne(door, ofSlot, to))
      if (moves.length % 10 === 0) say(`${moves.length} moves, ${drawn.length} logins`)
    }
  } finally {
    isOver = true
    clearInterval(ticking)
  }
  const shots = await shooting
  const logins = shots.flatMap((shot, index) => {
    const one = drawn[index]
    return one ? [{ ...one, shot }] : []
  })
  return { moves, logins, seconds: Math.round(seconds()) }
}
