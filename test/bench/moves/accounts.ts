// The accounts of the run: of each slot that moves some whose logins come while it does, one that is locked, one that is
// not, and some whose owners tap their link meanwhile; and many others of all slots. Each logs in once while slots move, so
// that every SMS is matched.

import { slotOf } from '../../../src/lib/slot.ts'
import { numberOf } from '../logins.ts'
import type { Client } from '../open-loop.ts'

export type Person = { readonly id: string; readonly index: number }

export type SlotPeople = {
  readonly slot: number
  /** Taken one by one; those who are left log in among the others. */
  readonly hot: Person[]
  readonly tapping: Person[]
  readonly held: Person
  readonly free: Person
}

export const TAPPING_PER_SLOT = 6
const HOT_PER_SLOT = 40
const PER_SLOT = HOT_PER_SLOT + TAPPING_PER_SLOT + 2
const LINES_PER_IMPORT = 1_000

export function drawPeople(
  slots: readonly number[],
  others: number,
): { readonly ofSlots: readonly SlotPeople[]; readonly others: readonly Person[] } {
  const wanted = new Map(slots.map((slot): [number, Person[]] => [slot, []]))
  const rest: Person[] = []
  const isFull = () => [...wanted.values()].every((people) => people.length >= PER_SLOT)
  for (let index = 0; rest.length < others || !isFull(); index += 1) {
    const person = { id: `m${index}`, index }
    const ofSlot = wanted.get(slotOf(person.id))
    if (ofSlot && ofSlot.length < PER_SLOT) ofSlot.push(person)
    else if (rest.length < others) rest.push(person)
  }
  const ofSlots = [...wanted].map(([slot, people]) => {
    const [held, free, ...more] = people
    if (!held || !free) throw new Error(`too few accounts in slot ${slot}`)
    return { slot, held, free, tapping: more.splice(0, TAPPING_PER_SLOT), hot: more }
  })
  return { ofSlots, others: rest }
}

/** @throws unless all of them are taken. */
export async function importPeople(
  client: Client,
  origin: string,
  apiKey: string,
  people: readonly Person[],
): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson' }
  for (let from = 0; from < people.length; from += LINES_PER_IMPORT) {
    const lines = people
      .slice(from, from + LINES_PER_IMPORT)
      .map(({ id, index }) => JSON.stringify({ account_id: id, phone: numberOf(index) }))
    const url = `${origin}/v1/accounts/import`
    const { status, body } = await client.send('POST', url, headers, `${lines.join('\n')}\n`)
    const end: unknown = JSON.parse(body.trim().split('\n').at(-1) ?? 'null')
    if (status !== 200 || !JSON.stringify(end).includes(`"stored":${lines.length}`)) {
      throw new Error(`an import was answered ${status} ${JSON.stringify(end)}`)
    }
  }
}
