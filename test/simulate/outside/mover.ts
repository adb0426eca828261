// An operator who moves slots of accounts from one database to another and back while all else goes on, as
// `npm run move-slot` does: the same call until it says that nothing is left, however often it fails.

import { slotOf } from '../../../src/lib/slot.ts'
import type { Random } from '../machine/random.ts'
import { getJson, PUBLIC_ORIGIN, recordOf, textOf, type World } from '../world.ts'

/** After a call from which on the slot is somewhere, so that no owner waits for him. */
const NEVER_COMES_BACK = 0.15
/** Of the calls that failed: after these the slot shall stay where it is. */
const TURNS_BACK = 0.1
const PAUSES_MS = [500, 1_000, 2_000, 5_000]
/** Accounts from before slots hold it up until the sweep has moved them. */
const NOT_READY = 409

export type Mover = { readonly move: (accountId: string) => Promise<void> }

/** Of two databases: all slots begin in the first. `deaths`: of its own, so that the rest goes on as if nobody died. */
export function createMover(world: World, key: string, deaths: Random): Mover {
  const { clock, counter, random } = world
  const places = new Map<number, string>()
  let isAtWork = false

  async function ask(slot: number, to: string, from: string | null) {
    const body = { act: 'move_slot', slot, to, reason: 'simulated', ...(from !== null && { from }) }
    return world.ask({
      method: 'POST',
      url: `${PUBLIC_ORIGIN}/v1/ops/acts`,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  return {
    move: async (accountId) => {
      if (isAtWork) return
      isAtWork = true
      const slot = slotOf(accountId)
      const place = places.get(slot) ?? 'DB'
      const away = place === 'DB_1' ? 'DB' : 'DB_1'
      let to = away
      const done = world.open(`slot ${slot} to ${to}`)
      let from: string | null = null
      for (let tries = 0; ; tries += 1) {
        const answer = await ask(slot, to, from)
        world.log(
          'mover',
          `slot ${slot} of ${accountId} to ${to}: ${answer?.status ?? 'no answer'}`,
        )
        if (answer?.status === NOT_READY && to !== place) break
        if (answer?.status === 200) {
          from = textOf(recordOf(getJson(answer.body)).next) ?? null
          if (from === null) {
            places.set(slot, to)
            counter.note('slot_moved')
            break
          }
          if (from === 'delete' && deaths.chance(NEVER_COMES_BACK)) {
            places.set(slot, to)
            counter.note('mover_died')
            break
          }
          // Somebody may be slow between two calls.
          await clock.sleep(random.whole(0, 3_000))
        } else {
          if (answer) counter.note('slot_held_up')
          // The first try may still be under way, and go on for as long as it likes. Handed over already, it has to go there.
          if (answer?.status === NOT_READY || random.chance(TURNS_BACK)) {
            to = to === place ? away : place
            from = null
            counter.note('slot_turned_back')
          }
          await clock.sleep(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0)
        }
      }
      isAtWork = false
      done()
    },
  }
}
