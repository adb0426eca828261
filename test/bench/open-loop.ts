// The load: requests at a fixed schedule, whatever becomes of the earlier ones. What a request waits
// for its turn here counts, since its time runs from the moment it was meant to leave.

import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export type Posted = { readonly status: number; readonly body: string }

type Send = (
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<Posted>

export type Client = {
  readonly send: Send
  readonly close: () => void
}

/** Connections at once; what comes on top waits, and its time runs. */
const SOCKETS_MAX = 512
const ANSWER_TIMEOUT_MS = 15_000

/** `status` is 0 where no answer came. */
export function createClient(timeoutMs = ANSWER_TIMEOUT_MS): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX })
  return {
    send: (method, url, headers, body) =>
      new Promise((resolve) => {
        const length = { 'content-length': String(Buffer.byteLength(body)) }
        const outgoing = request(url, {
          method,
          agent,
          timeout: timeoutMs,
          headers: { ...headers, ...length },
        })
        const lose = () => resolve({ status: 0, body: '' })
        outgoing.on('response', (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', lose)
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            resolve({ status: response.statusCode ?? 0, body: text })
          })
        })
        outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')))
        outgoing.on('error', lose)
        outgoing.end(body)
      }),
    close: () => agent.destroy(),
  }
}

export type Shot = Posted & {
  /** When it was meant to leave, in epoch milliseconds. */
  readonly dueAt: number
  readonly answeredAt: number
}

export type Schedule = { readonly perSecond: number; readonly count: number }

/** Resolves with one shot for each index, in order, when the last has been answered. */
export async function shootOpenLoop(
  { perSecond, count }: Schedule,
  shoot: (index: number) => Promise<Posted>,
  isStopped: () => boolean = () => false,
): Promise<readonly Shot[]> {
  const startedAt = Date.now() + 10
  const shots: Promise<Shot>[] = []
  for (let index = 0; index < count && !isStopped(); index += 1) {
    const dueAt = startedAt + (index * 1_000) / perSecond
    const waitMs = dueAt - Date.now()
    if (waitMs > 0) await sleep(waitMs)
    shots.push(shoot(index).then((posted) => ({ ...posted, dueAt, answeredAt: Date.now() })))
  }
  return Promise.all(shots)
}

/** Runs `task` for every index, at most `width` of them at once. */
export async function inParallel(
  count: number,
  width: number,
  task: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) {
      const index = next
      next += 1
      await task(index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane))
}
