// The deadline of a fetch, by a clock that only the test moves: it holds over headers and body, whatever
// fetch itself does about being aborted.

import { describe, expect, test } from 'vitest'
import { fetchWithin } from '../../../src/lib/fetch-within.ts'
import type { Ports } from '../../../src/lib/ports.ts'

const URL_OF_OTHERS = 'https://api.example/send'
const LIMITS = { timeoutMs: 1_500, bodyMaxBytes: 8 }

/** A fetch under the test's own timer, and what it was called with. */
function start(answer: () => Promise<Response>, limits = LIMITS) {
  const timers = new Map<number, () => void>()
  const calls: { readonly url: string; readonly init: RequestInit | undefined }[] = []
  const ports: Pick<Ports, 'fetch' | 'after'> = {
    fetch: (url, init) => {
      calls.push({ url, init })
      return answer()
    },
    after: (delayMs, run) => {
      timers.set(delayMs, run)
      return () => timers.delete(delayMs)
    },
  }
  const result = fetchWithin(ports, URL_OF_OTHERS, { method: 'POST', body: 'x' }, limits)
  return { timers, calls, result, expire: () => timers.get(limits.timeoutMs)?.() }
}

function bodyOf(...chunks: readonly string[]) {
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
    },
  })
}

const failing = (name: string) => async (): Promise<Response> => {
  throw Object.assign(new Error('no'), { name })
}

describe('fetchWithin', () => {
  test('hands over status, headers and body, asks not to be moved, and leaves no timer', async () => {
    const { result, calls, timers } = start(
      async () => new Response('hello', { status: 202, headers: { 'x-a': 'b' } }),
    )
    const answer = await result
    expect(answer).toMatchObject({ ok: true, value: { status: 202, body: 'hello' } })
    expect(answer.ok && answer.value.headers.get('x-a')).toBe('b')
    expect(calls).toMatchObject([
      { url: URL_OF_OTHERS, init: { method: 'POST', body: 'x', redirect: 'manual' } },
    ])
    expect(timers.size).toBe(0)
  })

  test('gives up a fetch that never answers and minds no abort', async () => {
    const { result, expire, calls } = start(() => new Promise(() => {}))
    expire()
    expect(await result).toEqual({ ok: false, error: 'timeout' })
    expect(calls[0]?.init?.signal?.aborted).toBe(true)
  })

  test('gives up a body that never ends', async () => {
    const { result, expire } = start(async () => new Response(bodyOf('half')))
    // Not before the headers have come.
    await Promise.resolve()
    expire()
    expect(await result).toEqual({ ok: false, error: 'timeout' })
  })

  test('cuts a body at the limit without waiting for its end', async () => {
    const { result } = start(async () => new Response(bodyOf('0123456', '789')))
    expect(await result).toMatchObject({ ok: true, value: { body: '01234567' } })
  })

  test('reads nothing where only the status counts', async () => {
    const limits = { timeoutMs: 5_000, bodyMaxBytes: 0 }
    const { result } = start(async () => new Response(bodyOf(), { status: 500 }), limits)
    expect(await result).toMatchObject({ ok: true, value: { status: 500, body: '' } })
  })

  test.each([
    ['TypeError', 'connection_failed'],
    ['TimeoutError', 'timeout'],
    ['AbortError', 'timeout'],
  ])('takes a %s of fetch as %s', async (name, failure) => {
    const { result, timers } = start(failing(name))
    expect(await result).toEqual({ ok: false, error: failure })
    expect(timers.size).toBe(0)
  })
})
