// What the tests of the simulated world share: a bare HTTP client, and a receiver for receipts.

import { createServer, type IncomingHttpHeaders } from 'node:http'
import { expect } from 'vitest'
import { LOOPBACK, readBody } from '../../world/listener.ts'

export const FAST = { sentMs: 10, deliveredMs: 30, lateMs: 100, retryMs: 10 }

export type Reply = { readonly status: number; readonly headers: Headers; readonly body: unknown }

export async function send(
  url: string,
  headers: Record<string, string>,
  body: string,
  options: {
    readonly method?: string
    readonly signal?: AbortSignal
  } = {},
): Promise<Reply> {
  const response = await fetch(url, {
    method: options.method ?? 'POST',
    headers,
    signal: options.signal ?? AbortSignal.timeout(60_000),
    ...(options.method === 'GET' ? {} : { body }),
  })
  const text = await response.text()
  const json = (response.headers.get('content-type') ?? '').includes('json')
  return {
    status: response.status,
    headers: response.headers,
    body: json ? JSON.parse(text) : text,
  }
}

/** A caller that gives up once it is heard: sooner, on a busy machine, nobody would have seen it. */
export async function giveUp(
  heard: { readonly waitFor: (isIt: () => boolean) => Promise<unknown> },
  call: (signal: AbortSignal) => Promise<Reply>,
): Promise<void> {
  const caller = new AbortController()
  const reply = call(caller.signal)
  await heard.waitFor(() => true)
  caller.abort()
  await expect(reply).rejects.toThrow()
}

export type Received = {
  readonly method: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type StatusOf = (target: string, method: string) => number

/** Answers each request with the next of the statuses, the last one for ever, or as told. */
export async function startReceiver(statuses: readonly number[] | StatusOf = [204]) {
  const received: Received[] = []
  let said: { readonly body: string; readonly status: number } | undefined
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const status =
        typeof statuses === 'function'
          ? statuses(request.url ?? '', request.method ?? '')
          : (statuses[Math.min(received.length, statuses.length - 1)] ?? 204)
      received.push({
        method: request.method ?? '',
        target: request.url ?? '',
        headers: request.headers,
        body,
      })
      response.writeHead(said?.status ?? status).end(said?.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    origin: `http://${LOOPBACK}:${port}`,
    received,
    /** From now on every answer is this one. */
    say: (body: string, status: number) => {
      said = { body, status }
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
