// Slots move from one database to another and every key is rotated, under a steady load: what was accepted must be stored
// once and told, a hold must never be denied, and nothing may be left for a key that goes.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Bundle } from '../../support/bundle.ts'
import { type Percentiles, percentiles } from '../figures.ts'
import { createLoginSigner, numberOf, postLogin } from '../logins.ts'
import { loadAverage } from '../machine.ts'
import { type Client, createClient, inParallel } from '../open-loop.ts'
import { type Told, watchTold } from '../told.ts'
import { drawPeople, importPeople, type Person } from './accounts.ts'
import { keysLeft } from './keys-left.ts'
import { readStories } from './stories.ts'
import { startTwoVersions, type TwoVersions } from './two-versions.ts'
import { moveUnderLoad, SECONDS_MAX } from './under-load.ts'

type Counts = Readonly<Record<string, number>>

export type MoveFigures = {
  readonly moves: number
  readonly perSecond: number
  readonly seconds: number
  readonly logins: number
  /** By status. */
  readonly answers: Counts
  /** Of those accepted: of the slot that was on its way just then. */
  readonly ofMovingSlots: number
  readonly rowsMissing: number
  readonly rowsDoubled: number
  readonly neverTold: number
  /** Taken by two providers, and both calls stand in the history. */
  readonly toldTwice: number
  /** Taken more often than there are calls in the history. */
  readonly toldUnknown: number
  /** Of accounts whose slot was moving. */
  readonly holdsAsked: number
  /** With 503, while it was frozen. */
  readonly holdsUnanswered: number
  readonly holdsWrong: readonly string[]
  /** By status, of owners who tapped while their slot was frozen, and of those who were late. */
  readonly tapsFrozen: Counts
  readonly tapsLate: Counts
  readonly tapsWithoutHold: number
  readonly movesRepeated: number
  readonly frozenMs: Percentiles
  readonly frozenMaxMs: number
  readonly tookMs: Percentiles
  /** Sealed values that older keys held at the end; null where the walk came to none. */
  readonly leftToOldKeys: number | null
  /** With the new keys alone: accounts that were read and logged in once more. */
  readonly afterwards: Afterwards
  readonly loadAverage: number
}

type Afterwards = { readonly asked: number; readonly unread: number; readonly untold: number }

/** A few, so that each moves there and back, and again. */
const SLOTS = [128, 160, 192, 224, 255, 131, 167, 211] as const
const AT_ONCE = 16
const TICK_MS = 4_000
const DRAIN_MAX_MS = 60_000
const QUIET_MS = 3_000
const ASKED_AFTERWARDS = 120

export async function measureMoves(
  bundle: Bundle,
  perSecond: number,
  say: (line: string) => void,
): Promise<MoveFigures> {
  const stage = await startTwoVersions(bundle)
  const client = createClient()
  const told = watchTold(stage.world)
  try {
    const [former, later] = stage.origins
    const people = drawPeople(SLOTS, perSecond * SECONDS_MAX)
    const tapping = people.ofSlots.flatMap((one) => one.tapping)
    const ofSlots = people.ofSlots.flatMap(({ held, free, hot }) => [held, free, ...hot])
    await importPeople(client, former, stage.apiKey, [...tapping, ...ofSlots, ...people.others])
    await inParallel(people.ofSlots.length, AT_ONCE, async (at) => {
      const { status } = await ask(stage, client, 'POST', people.ofSlots[at]?.held, '/lock')
      if (status !== 201) throw new Error(`a lock was answered ${status}`)
    })
    const links = await sendLinks(stage, client, told, tapping)
    say(`${ofSlots.length + people.others.length} accounts; ${links.size} have a link to tap`)

    const linkOf = (person: Person) => links.get(person) ?? ''
    const run = await moveUnderLoad(stage, client, people, perSecond, linkOf, say)
    const { moves, logins, seconds } = run
    say(`${moves.length} moves under ${logins.length} logins; now everything is to arrive`)
    const accepted = logins.filter(({ shot }) => shot.status === 202)
    const theirs = accepted.map(({ person }) => person)
    await waitUntil(stage, told, () => theirs.every((person) => copiesOf(told, person) > 0))
    const copies = new Map(theirs.map((person) => [person, copiesOf(told, person)]))
    const stories = await readStories(client, later, stage.apiKey, theirs)
    const isTwice = (person: Person) => (copies.get(person) ?? 0) > 1
    const isKnown = (person: Person) =>
      (stories.get(person)?.calls ?? 0) >= (copies.get(person) ?? 0)
    const taps = moves.flatMap(({ tap }) => (tap === null ? [] : [tap]))
    const tapped = taps.map(({ person }) => person)
    const tapsWithoutHold = await countUnheld(stage, client, tapped)
    await stage.deployLater()
    const leftToOldKeys = await keysLeft(stage)
    const afterwards = await dropOldKeys(stage, client, told, theirs.slice(-ASKED_AFTERWARDS))
    return {
      ...{ moves: moves.length, perSecond, seconds, logins: logins.length },
      answers: countBy(logins.map(({ shot }) => shot.status)),
      ofMovingSlots: accepted.filter(({ isHot }) => isHot).length,
      rowsMissing: theirs.filter((person) => stories.get(person)?.logins === 0).length,
      rowsDoubled: theirs.filter((person) => (stories.get(person)?.logins ?? 0) > 1).length,
      neverTold: theirs.filter((person) => copies.get(person) === 0).length,
      toldTwice: theirs.filter((person) => isTwice(person) && isKnown(person)).length,
      toldUnknown: theirs.filter((person) => isTwice(person) && !isKnown(person)).length,
      holdsAsked: moves.reduce((sum, { asked }) => sum + asked, 0),
      holdsUnanswered: moves.reduce((sum, { unanswered }) => sum + unanswered, 0),
      holdsWrong: moves.flatMap(({ wrong }) => wrong),
      tapsFrozen: countBy(taps.flatMap((tap) => (tap.isFrozen ? [tap.status] : []))),
      tapsLate: countBy(taps.flatMap((tap) => (tap.isFrozen ? [] : [tap.status]))),
      tapsWithoutHold,
      movesRepeated: moves.reduce((sum, { repeated }) => sum + repeated, 0),
      frozenMs: percentiles(moves.map(({ frozenMs }) => frozenMs)),
      frozenMaxMs: Math.max(...moves.map(({ frozenMs }) => frozenMs)),
      tookMs: percentiles(moves.map(({ tookMs }) => tookMs)),
      ...{ leftToOldKeys, afterwards },
      loadAverage: loadAverage(),
    }
  } finally {
    told.close()
    client.close()
    await stage.close()
  }
}

/** Each logs in; returns the path of the link that each has been sent. */
async function sendLinks(
  stage: TwoVersions,
  client: Client,
  told: Told,
  people: readonly Person[],
): Promise<ReadonlyMap<Person, string>> {
  const target = {
    ...{ origins: [stage.origins[0]], apiKey: stage.apiKey },
    sign: createLoginSigner(stage.webhookSecrets[0]),
  }
  await inParallel(people.length, AT_ONCE, async (at) => {
    const person = people[at]
    if (person) await postLogin(client, target, person.id, 0)
  })
  await waitUntil(stage, told, () => people.every((person) => copiesOf(told, person) > 0))
  return new Map(
    people.map((person) => {
      const [sms] = stage.world.phones.messagesTo(numberOf(person.index))
      const [path] = /\/l\/[\w.-]+/.exec(sms?.text ?? '') ?? []
      if (path === undefined) throw new Error(`${person.id} was sent no link`)
      return [person, path]
    }),
  )
}

function copiesOf(told: Told, { index }: Person): number {
  return told.copies(numberOf(index))
}

function ask(
  { apiKey, origins }: Pick<TwoVersions, 'apiKey' | 'origins'>,
  client: Client,
  method: string,
  person: Person | undefined,
  path: string,
) {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  return client.send(method, `${origins[0]}/v1/accounts/${person?.id}${path}`, headers, '')
}

/** With the minute's work done again and again, and until nothing happens any more. */
async function waitUntil(stage: TwoVersions, told: Told, isDone: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + DRAIN_MAX_MS
  while (!isDone() && Date.now() < giveUpAt) {
    await stage.tick()
    const nextAt = Date.now() + TICK_MS
    while (!isDone() && Date.now() < nextAt) await sleep(100)
  }
  while (Date.now() - told.lastEventAt() < QUIET_MS && Date.now() < giveUpAt) await sleep(100)
}

async function countUnheld(
  stage: TwoVersions,
  client: Client,
  people: readonly Person[],
): Promise<number> {
  let unheld = 0
  await inParallel(people.length, AT_ONCE, async (at) => {
    const { body } = await ask(stage, client, 'GET', people[at], '/hold')
    if (!body.includes('"held":true')) unheld += 1
  })
  return unheld
}

async function dropOldKeys(
  stage: TwoVersions,
  client: Client,
  told: Told,
  people: readonly Person[],
): Promise<Afterwards> {
  const before = new Map(people.map((person) => [person, copiesOf(told, person)]))
  const isTold = (person: Person) => copiesOf(told, person) > (before.get(person) ?? 0)
  const origin = await stage.dropOld()
  const target = {
    ...{ origins: [origin], apiKey: stage.apiKey },
    sign: createLoginSigner(stage.webhookSecrets[1]),
  }
  let unread = 0
  await inParallel(people.length, AT_ONCE, async (at) => {
    const person = people[at]
    if (!person) return
    const { status, body } = await ask(stage, client, 'GET', person, '')
    if (status !== 200 || !body.includes('••••')) unread += 1
    await postLogin(client, target, person.id, 0)
  })
  await waitUntil(stage, told, () => people.every(isTold))
  return {
    ...{ asked: people.length, unread },
    untold: people.filter((person) => !isTold(person)).length,
  }
}

function countBy(values: readonly number[]): Counts {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
