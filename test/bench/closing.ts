// What has been started and must end: in order when a part is done, at once when somebody presses
// Ctrl-C. Nothing of the bench outlives it.

type Close = () => Promise<void> | void

const open = new Set<Close>()

/** Returns a function that closes it, once, and forgets it. */
export function closeAtEnd(close: Close): () => Promise<void> {
  open.add(close)
  return async () => {
    if (open.delete(close)) await close()
  }
}

let isStopping = false

/** Ctrl-C was pressed: what breaks now breaks because of that, and ends with the process. */
export function isStopped(): boolean {
  return isStopping
}

/** Closes what is still open, the last first. */
export async function closeAll(): Promise<void> {
  // The last that was started may need those before it.
  for (const close of [...open].reverse()) {
    open.delete(close)
    try {
      await close()
    } catch {
      // The others shall end all the same.
    }
  }
}

/**
 * Ctrl-C ends what runs, then the bench. To be called again after each start of a local runtime: it
 * puts a handler of its own there, which would end the process in the middle of this.
 */
export function closeOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal)
    process.once(signal, () => {
      isStopping = true
      console.log('\nStopping …')
      void closeAll().finally(() => process.exit(130))
    })
  }
}
