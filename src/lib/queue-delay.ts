// Back-off of a job that failed for a reason of ours (D1 away, a bug): 1, 2, 4 … 30 s. Queues take
// whole seconds only.

const DELAY_MAX_SECONDS = 30

/** `attempts` as the queue counts them: 1 on first delivery. */
export function queueDelaySeconds(attempts: number): number {
  return Math.min(2 ** Math.min(attempts - 1, 10), DELAY_MAX_SECONDS)
}
