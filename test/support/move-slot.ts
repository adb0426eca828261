// Moves a slot as `npm run move-slot` does: by asking the Worker until nothing is left to do.

export type SlotMover = { readonly origin: string; readonly key: string }

const TRIES = 100

export async function moveSlot({ origin, key }: SlotMover, slot: number, to: string) {
  let from: string | null = null
  for (let call = 0; call < TRIES; call += 1) {
    const response = await fetch(new URL('/v1/ops/acts', origin), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        act: 'move_slot',
        slot,
        to,
        reason: 'test',
        ...(from !== null && { from }),
      }),
    })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
    const answer = (await response.json()) as { readonly next: string | null }
    if (answer.next === null) return
    from = answer.next
  }
  throw new Error(`slot ${slot} does not arrive in ${to}`)
}
