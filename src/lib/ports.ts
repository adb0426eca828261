// What the Worker has from outside that is not data: the clock, timers, chance and the network. They come
// with the context, so that a simulated world can stand in for all four; only context.ts names the real ones.

/** Takes a timer back; nothing happens if it has fired. */
export type Cancel = () => void

/** Handed with a request: what `work` does goes on after the answer. It must not fail. */
export type WaitUntil = (work: Promise<unknown>) => void

export type Ports = {
  /** Epoch milliseconds. In a Worker it only moves across I/O. */
  readonly now: () => number
  /** Runs `run` once after `delayMs`. */
  readonly after: (delayMs: number, run: () => void) => Cancel
  /** Unguessable bytes. */
  readonly randomBytes: (length: number) => Uint8Array<ArrayBuffer>
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
}
