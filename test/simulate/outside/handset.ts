// What becomes of a text that a provider took: whether and when the phone has it, and which receipts follow,
// true or not. A provider posts a receipt again a few times, as the real ones do, and then lets it be.

import type { ReceiptStep } from '../../world/carrier-protocol.ts'
import type { World } from '../world.ts'
import type { Taken } from './provider.ts'

const STORIES = {
  usual: 10,
  only_sent: 1,
  none: 2,
  late: 2,
  doubled: 2,
  reordered: 2,
  failed: 2,
  false_delivered: 1,
  false_failed: 1,
  forged: 1,
} as const
type Story = keyof typeof STORIES

type Planned = { readonly afterMs: number; readonly step: ReceiptStep; readonly isForged?: boolean }

const ARRIVES = new Set<Story>([
  'usual',
  'only_sent',
  'none',
  'late',
  'doubled',
  'reordered',
  'false_failed',
  'forged',
])

export function handOn(world: World, taken: Taken, reach: (taken: Taken) => void): void {
  const { clock, random, counter } = world
  const story = world.isCalm() ? 'usual' : random.weighted(STORIES)
  const arrivesMs = random.whole(800, 4_000)
  if (!taken.isLost && ARRIVES.has(story)) {
    clock.after(arrivesMs, () => {
      taken.call.reachedPhoneAt = clock.now()
      reach(taken)
    })
  }
  if (story.startsWith('false')) counter.note('receipt_false')
  if (story === 'late') counter.note('receipt_late')
  const plan = taken.isLost ? [] : receiptsOf(story, arrivesMs, random.whole(60_000, 400_000))
  for (const receipt of plan) clock.after(receipt.afterMs, () => void post(world, taken, receipt))
}

function receiptsOf(story: Story, arrivesMs: number, lateMs: number): readonly Planned[] {
  const sent: Planned = { afterMs: 400, step: 'sent' }
  const delivered: Planned = { afterMs: arrivesMs + 200, step: 'delivered' }
  const failed: Planned = { afterMs: arrivesMs + 200, step: 'undelivered' }
  switch (story) {
    case 'usual':
    case 'false_delivered':
      return [sent, delivered]
    case 'only_sent':
      return [sent]
    case 'none':
      return []
    case 'late':
      return [
        { ...sent, afterMs: lateMs },
        { ...delivered, afterMs: lateMs + 2_000 },
      ]
    case 'doubled':
      return [sent, sent, delivered, delivered]
    case 'reordered':
      return [
        { ...delivered, afterMs: arrivesMs },
        { ...sent, afterMs: arrivesMs + 3_000 },
      ]
    case 'failed':
    case 'false_failed':
      return [sent, failed]
    case 'forged':
      return [{ ...failed, isForged: true }, { ...delivered, isForged: true }, sent]
  }
}

const REPEATS_MS = [1_000, 10_000, 60_000]

async function post(world: World, taken: Taken, planned: Planned): Promise<void> {
  const { clock } = world
  const { protocol, message, call } = taken
  const { step, isForged = false } = planned
  const done = world.open(`receipt ${step} of call ${call.id}`)
  for (const pauseMs of [...REPEATS_MS, 0]) {
    const request = protocol.receipt(message, step, clock.now(), isForged)
    if (!request) break
    const at = clock.now()
    const answer = await world.ask({ method: 'POST', ...request })
    const status = answer?.status ?? null
    call.receipts.push({ step, isForged, at, answeredAt: clock.now(), status })
    world.log(
      protocol.name,
      `receipt ${step}${isForged ? ' (forged)' : ''} of call ${call.id}: ${status}`,
    )
    if (isForged || (status !== null && status < 300)) break
    await clock.sleep(pauseMs)
  }
  done()
}
