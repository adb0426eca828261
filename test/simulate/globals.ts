// What src/ and the simulated carriers still take from the runtime's globals: cryptography, the log, and, in
// libraries, the clock. Here they are replaced, in the simulator's own process only. The clock, timers, chance
// and network of src/ itself come as ports (stage.ts); whoever reaches past those is refused.

import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { running } from './machine/invocation.ts'
import { simulatedSubtle } from './machine/subtle.ts'

export type Globals = {
  /** Epoch milliseconds, as the caller's isolate has them. */
  readonly now: () => number
  readonly randomBytes: (length: number) => Uint8Array<ArrayBuffer>
  readonly writeLog: (line: string) => void
}

const real = {
  Date,
  setTimeout,
  crypto,
  fetch,
  log: console.log,
  error: console.error,
  abortAfter: AbortSignal.timeout,
  randomUUID: nodeCrypto.randomUUID,
  randomBytes: nodeCrypto.randomBytes,
  randomInt: nodeCrypto.randomInt,
}

let globals: Globals | null = null

/** From now on these are seen; with null, everything is as it was. */
export function useGlobals(next: Globals | null): void {
  globals = next
}

export const realNow = () => real.Date.now()

class SimulatedDate extends Date {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(SimulatedDate.now())
    else super(...(given as [number]))
  }
  static override now(): number {
    return globals ? globals.now() : real.Date.now()
  }
}

/** A way around the ports would make a run depend on the machine it runs on. */
function refuseInside(name: string): void {
  if (running()) throw new Error(`${name} was used inside the Worker: it has a port for that`)
}

function fillRandom<T extends NodeJS.TypedArray>(target: T): T {
  refuseInside('crypto.getRandomValues')
  return real.crypto.getRandomValues(target as Uint8Array<ArrayBuffer>) as unknown as T
}

function randomUuid(): string {
  if (!globals) return real.randomUUID()
  const hex = Buffer.from(globals.randomBytes(16)).toString('hex')
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20)]
  return `${a}-${b}-4${c}-8${d}-${hex.slice(20)}`
}

function randomInt(min: number, max?: number): number {
  if (!globals) return max === undefined ? real.randomInt(min) : real.randomInt(min, max)
  const [least, end] = max === undefined ? [0, min] : [min, max]
  const drawn = Buffer.from(globals.randomBytes(6)).readUIntBE(0, 6)
  return least + (drawn % (end - least))
}

const write =
  (original: (...words: unknown[]) => void) =>
  (...words: unknown[]) => {
    if (globals) globals.writeLog(words.join(' '))
    else original(...words)
  }

Object.assign(globalThis, {
  Date: SimulatedDate,
  setTimeout: (...given: Parameters<typeof setTimeout>) => {
    refuseInside('setTimeout')
    return real.setTimeout(...given)
  },
  fetch: (...given: Parameters<typeof fetch>) => {
    refuseInside('fetch')
    return real.fetch(...given)
  },
})
Object.assign(AbortSignal, {
  timeout: (delayMs: number) => {
    refuseInside('AbortSignal.timeout')
    return real.abortAfter.call(AbortSignal, delayMs)
  },
})
Object.defineProperty(globalThis, 'crypto', {
  value: { subtle: simulatedSubtle, getRandomValues: fillRandom, randomUUID: randomUuid },
})
Object.assign(console, { log: write(real.log), error: write(real.error) })

// The simulated carriers of test/world import these from Node.
Object.assign(nodeCrypto, {
  randomUUID: randomUuid,
  randomInt,
  randomBytes: (length: number) =>
    globals ? Buffer.from(globals.randomBytes(length)) : real.randomBytes(length),
})
syncBuiltinESMExports()
