// As many requests as fit into a moment, over a few connections, and the CPU they cost. For comparing
// two things turn by turn; how long single requests take under a given load is open-loop.ts's matter.

import autocannon from 'autocannon'
import { childrenCpuMs } from './cpu.ts'

export type Make = () => autocannon.Request

export type Shots = {
  readonly perSecond: number
  /** CPU of one request, in milliseconds; null where it cannot be known. */
  readonly cpuMs: number | null
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>
  /** Without an answer. */
  readonly errors: number
}

export async function shoot(
  origin: string,
  make: Make,
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): Promise<Shots> {
  const cpuBeforeMs = childrenCpuMs()
  const result = await autocannon({
    url: origin,
    connections,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, ...make() }) }],
  })
  const cpuAfterMs = childrenCpuMs()
  const count = result.requests.total
  const isKnown = cpuBeforeMs !== null && cpuAfterMs !== null && count > 0
  return {
    perSecond: result.requests.average,
    cpuMs: isKnown ? (cpuAfterMs - cpuBeforeMs) / count : null,
    statuses: Object.fromEntries(
      Object.entries(result.statusCodeStats ?? {}).map(([status, { count: times }]) => [
        status,
        times ?? 0,
      ]),
    ),
    errors: result.errors,
  }
}

/** Everything but 2xx, and 303: the way to the page after a press. */
export function failuresOf({ statuses, errors }: Shots): number {
  return Object.entries(statuses)
    .filter(([status]) => !/^(2..|303)$/.test(status))
    .reduce((sum, [, times]) => sum + times, errors)
}
