// The seam between src/ and the simulator. src/ takes its clock, timers, randomness, cryptography, network and
// log from the globals of the runtime, so the simulator puts its own in their place, in its own process only.
// When src/ takes them from its context instead, this file becomes the one that fills in that context.

import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { simulatedSubtle } from './machine/subtle.ts'

export type Ports = {
  /** Epoch milliseconds, as the caller's isolate has them. */
  readonly now: () => number
  /** Returns what stops it. */
  readonly startTimer: (delayMs: number, run: () => void) => () => void
  readonly randomBytes: (length: number) => Uint8Array<ArrayBuffer>
  readonly fetch: typeof fetch
  readonly writeLog: (line: string) => void
}

const real = {
  Date,
  setTimeout,
  clearTimeout,
  crypto,
  fetch,
  log: console.log,
  error: console.error,
  abortAfter: AbortSignal.timeout,
  randomUUID: nodeCrypto.randomUUID,
  randomBytes: nodeCrypto.randomBytes,
  randomInt: nodeCrypto.randomInt,
}

let ports: Ports | null = null

/** From now on src/ and the simulated carriers see these; with null, everything is as it was. */
export function usePorts(next: Ports | null): void {
  ports = next
}

export const realNow = () => real.Date.now()

class SimulatedDate extends Date {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(SimulatedDate.now())
    else super(...(given as [number]))
  }
  static override now(): number {
    return ports ? ports.now() : real.Date.now()
  }
}

function startTimer(run: () => void, delayMs = 0) {
  return ports ? { stop: ports.startTimer(delayMs, run) } : real.setTimeout(run, delayMs)
}

function stopTimer(timer: { stop?: () => void } | NodeJS.Timeout | null | undefined): void {
  if (timer && 'stop' in timer && timer.stop) timer.stop()
  else real.clearTimeout(timer as NodeJS.Timeout)
}

function abortAfter(delayMs: number): AbortSignal {
  if (!ports) return real.abortAfter.call(AbortSignal, delayMs)
  const controller = new AbortController()
  const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  ports.startTimer(delayMs, () => controller.abort(reason))
  return controller.signal
}

function fillRandom<T extends NodeJS.TypedArray>(target: T): T {
  if (!ports) return real.crypto.getRandomValues(target as Uint8Array<ArrayBuffer>) as unknown as T
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(
    ports.randomBytes(target.byteLength),
  )
  return target
}

function randomUuid(): string {
  if (!ports) return real.randomUUID()
  const hex = Buffer.from(ports.randomBytes(16)).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}

function randomInt(min: number, max?: number): number {
  if (!ports) return max === undefined ? real.randomInt(min) : real.randomInt(min, max)
  const [least, end] = max === undefined ? [0, min] : [min, max]
  const drawn = Buffer.from(ports.randomBytes(6)).readUIntBE(0, 6)
  return least + (drawn % (end - least))
}

const write =
  (original: (...words: unknown[]) => void) =>
  (...words: unknown[]) => {
    if (ports) ports.writeLog(words.join(' '))
    else original(...words)
  }

Object.assign(globalThis, {
  Date: SimulatedDate,
  setTimeout: startTimer,
  clearTimeout: stopTimer,
  fetch: (...given: Parameters<typeof fetch>) => (ports ? ports.fetch : real.fetch)(...given),
})
Object.defineProperty(globalThis, 'crypto', {
  value: { subtle: simulatedSubtle, getRandomValues: fillRandom, randomUUID: randomUuid },
})
Object.assign(AbortSignal, { timeout: abortAfter })
Object.assign(console, { log: write(real.log), error: write(real.error) })

// The simulated carriers of test/world import these from Node.
Object.assign(nodeCrypto, {
  randomUUID: randomUuid,
  randomInt,
  randomBytes: (length: number) =>
    ports ? Buffer.from(ports.randomBytes(length)) : real.randomBytes(length),
})
syncBuiltinESMExports()
