// One provider call against a real socket: whatever the other end does, an outcome comes back.

import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { err } from '../../../src/lib/result.ts'
import { callProvider } from '../../../src/sms/call-provider.ts'
import type { OutboundMessage, ProviderResponse } from '../../../src/sms/provider.ts'
import type { SmsProvider } from '../../../src/sms/registry.ts'
import { ports } from '../../support/ports.ts'

const MESSAGE: OutboundMessage = {
  to: '+12025550123',
  text: 'Hello',
  from: '+12025550199',
  ref: 'r1',
  receiptUrl: 'https://alerts.example.com/v1/receipts/twilio/r1',
  attempt: 1,
  validitySeconds: 120,
}

const servers: Server[] = []

afterEach(() => {
  vi.useRealTimers()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/send?x=1`
}

/** Keeps what it was given to read, and accepts every 200. */
function provider(url: string, seen: ProviderResponse[] = []): SmsProvider {
  return {
    name: 'twilio',
    defaultSender: '+12025550199',
    hasReceipts: false,
    readInbound: async () => err({ reason: 'unsigned' }),
    buildRequest: ({ text }) => ({ method: 'POST', url, headers: { 'x-key': 'k' }, body: text }),
    readResponse: (response) => {
      seen.push(response)
      return response.status === 200
        ? { class: 'accepted', providerMessageId: 'm1' }
        : { class: 'provider_config', code: `http_${response.status}` }
    },
    readReceipts: async () => err({ reason: 'unsigned' }),
  }
}

const call = (of: SmsProvider, timeoutMs = 5_000) => callProvider(ports, of, MESSAGE, timeoutMs)

describe('callProvider', () => {
  test('sends what was built and hands over what came back', async () => {
    const requests: unknown[] = []
    const url = await listen(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      requests.push([request.method, request.url, request.headers['x-key'], body])
      response.writeHead(200, { 'Retry-After': '9' }).end('{"ä":1}')
    })
    const seen: ProviderResponse[] = []
    const { outcome } = await call(provider(url, seen))
    expect(outcome).toEqual({ class: 'accepted', providerMessageId: 'm1' })
    expect(requests).toEqual([['POST', '/send?x=1', 'k', 'Hello']])
    expect(seen[0]).toMatchObject({ status: 200, body: '{"ä":1}' })
    expect(seen[0]?.headers['retry-after']).toBe('9')
  })

  test.each([307, 404, 500, 503])('lets the adapter read a %i', async (status) => {
    const url = await listen((_request, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end('<html>')
    })
    const { outcome } = await call(provider(url))
    expect(outcome).toEqual({ class: 'provider_config', code: `http_${status}` })
  })

  test('does not follow a redirect', async () => {
    const paths: unknown[] = []
    const url = await listen((request, response) => {
      paths.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    await call(provider(url))
    expect(paths).toEqual(['/send?x=1'])
  })

  test('a closed port', async () => {
    const url = await listen(() => {})
    await new Promise((resolve) => servers[0]?.close(resolve))
    const { outcome } = await call(provider(url))
    expect(outcome).toEqual({ class: 'ambiguous', code: 'connection_failed' })
  })

  test('a reset', async () => {
    const url = await listen((request) => request.socket.resetAndDestroy())
    const { outcome } = await call(provider(url))
    expect(outcome).toEqual({ class: 'ambiguous', code: 'connection_failed' })
  })

  test('a reset in the middle of the body', async () => {
    const url = await listen((request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"half":', () => request.socket.resetAndDestroy())
    })
    const { outcome } = await call(provider(url))
    expect(outcome).toEqual({ class: 'ambiguous', code: 'connection_failed' })
  })

  test('no answer at all', async () => {
    const url = await listen(() => {})
    const { outcome } = await call(provider(url), 40)
    expect(outcome).toEqual({ class: 'ambiguous', code: 'timeout' })
  })

  test('headers, and then no body', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(200).write('{"half":')
    })
    const { outcome } = await call(provider(url), 80)
    expect(outcome).toEqual({ class: 'ambiguous', code: 'timeout' })
  })

  test('a deadline that fetch does not keep', async () => {
    const never = () => new Promise<Response>(() => {})
    const deaf = { ...ports, fetch: never }
    const { outcome } = await callProvider(deaf, provider('http://x.example/'), MESSAGE, 10)
    expect(outcome).toEqual({ class: 'ambiguous', code: 'timeout' })
  })

  test('a body without end is cut at 64 KiB', async () => {
    const url = await listen((_request, response) => {
      const more = () => {
        while (response.writable && response.write('x'.repeat(16_384)));
      }
      response.on('drain', more)
      more()
    })
    const seen: ProviderResponse[] = []
    const { outcome } = await call(provider(url, seen))
    expect(outcome.class).toBe('accepted')
    expect(seen[0]?.body).toBe('x'.repeat(65_536))
  })

  test('bytes that are no text', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(200).end(Buffer.from([0xff, 0x00, 0xc3]))
    })
    const seen: ProviderResponse[] = []
    await call(provider(url, seen))
    expect(seen[0]?.body).toBe('\ufffd\0\ufffd')
  })

  test('a character that the cut goes through', async () => {
    const url = await listen((_request, response) => {
      response.end(`${'x'.repeat(65_535)}é`)
    })
    const seen: ProviderResponse[] = []
    await call(provider(url, seen))
    expect(seen[0]?.body).toBe(`${'x'.repeat(65_535)}\ufffd`)
  })

  test('leaves no timer behind', async () => {
    vi.useFakeTimers()
    const answer = async () => new Response('{}')
    const quick = { ...ports, fetch: answer }
    const { outcome } = await callProvider(quick, provider('http://x.example/'), MESSAGE, 1_000)
    expect(outcome.class).toBe('accepted')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('an empty answer', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(204).end()
    })
    const seen: ProviderResponse[] = []
    await call(provider(url, seen))
    expect(seen[0]).toMatchObject({ status: 204, body: '' })
  })

  test('an adapter that breaks while building sends nothing', async () => {
    const broken: SmsProvider = {
      ...provider('http://x.example/'),
      buildRequest: () => {
        throw new Error('bug')
      },
    }
    const { outcome } = await call(broken)
    expect(outcome).toEqual({ class: 'unclear', code: 'request_not_built' })
  })

  test('an adapter that breaks while reading leaves the send in doubt', async () => {
    const url = await listen((_request, response) => {
      response.end('ok')
    })
    const broken: SmsProvider = {
      ...provider(url),
      readResponse: () => {
        throw new Error('bug')
      },
    }
    const { outcome } = await call(broken)
    expect(outcome).toEqual({ class: 'ambiguous', code: 'response_not_read' })
  })

  test('measures by the clock it is given', async () => {
    const instants = [1_000, 1_234]
    const measured = { ...ports, now: () => instants.shift() ?? 0 }
    const { durationMs } = await callProvider(measured, provider('sandbox:'), MESSAGE, 10)
    expect(durationMs).toBe(234)
  })
})
