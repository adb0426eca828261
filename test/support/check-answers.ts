// Whatever the Worker answers a worker or browser test on a described path, and every event that reaches a
// test's exchange, is held against the OpenAPI document, without a test having to ask.

import { openApiDocument } from '../../src/api/openapi/document.ts'
import type { Exchange } from '../world/exchange.ts'
import { parseJson } from '../world/json.ts'
import { readDescription } from './description.ts'
import { workerPorts } from './worker-ports.ts'

const description = readDescription(await openApiDocument(null))
const plainFetch = globalThis.fetch
const pending: Promise<readonly string[]>[] = []

// Files of one process share this module: it takes the place of fetch once.
globalThis.fetch = async (input, init) => {
  const response = await plainFetch(input, init)
  const url = new URL(input instanceof Request ? input.url : input)
  if (workerPorts.has(Number(url.port))) {
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
    // A redirect was followed: what came is the other page's.
    const followed = response.redirected ? new URL(response.url) : null
    pending.push(
      check(followed ? 'GET' : method.toUpperCase(), (followed ?? url).pathname, response.clone()),
    )
  }
  return response
}

async function check(method: string, path: string, response: Response) {
  const { status, headers } = response
  let body: string
  try {
    body = await response.text()
  } catch {
    // The test gave the answer up, or killed the Worker in the middle of it.
    return []
  }
  const complaints = description.complaintsAbout({ method, path, status, headers, body })
  return complaints.map((complaint) => `${method} ${path} ${status} ${complaint}`)
}

/** From now on its events are looked at. What is not validly signed is none of ours. */
export function checkEventsOf(exchange: Exchange): void {
  exchange.callbacks.subscribe(({ valid, body }) => {
    if (!valid) return
    const complaints = description.complaintsAboutEvent(parseJson(body))
    pending.push(Promise.resolve(complaints.map((complaint) => `${complaint} in ${body}`)))
  })
}

/** Throws with the complaints about all answers and events since it was called last. */
export async function expectAsDescribed(): Promise<void> {
  const complaints = (await Promise.all(pending.splice(0))).flat()
  if (complaints.length > 0) {
    throw new Error(`not as the OpenAPI document says:\n${[...new Set(complaints)].join('\n')}`)
  }
}
