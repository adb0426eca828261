// How a simulated carrier posts what it has to say: to the URL as it was given, from connections it keeps.
// One post, one outcome; whether to come again is the caller's matter.

import { Agent, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as SecureAgent } from 'node:https'

export type WebhookRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type PostOutcome = {
  /** The HTTP status of the answer; null when there was none. */
  readonly status: number | null
  readonly error: string | null
}

export type WebhookPoster = {
  readonly post: (request: WebhookRequest) => Promise<PostOutcome>
  /** Connects there instead of to the URL's own origin; the URL that is signed stays as given. */
  readonly setCallbackOrigin: (origin: string | null) => void
  readonly close: () => void
}

const ANSWER_TIMEOUT_MS = 10_000

export function createWebhookPoster(firstOrigin: string | null): WebhookPoster {
  const plain = new Agent({ keepAlive: true, maxSockets: 64 })
  const secure = new SecureAgent({ keepAlive: true, maxSockets: 64 })
  let callbackOrigin = firstOrigin

  return {
    post: ({ url, headers, body }) => {
      const given = new URL(url)
      const target = new URL(given.pathname + given.search, callbackOrigin ?? given.origin)
      const length = Buffer.byteLength(body)
      const options = {
        method: 'POST',
        timeout: ANSWER_TIMEOUT_MS,
        headers: { ...headers, host: given.host, 'content-length': length },
      }
      return new Promise((resolve) => {
        const request =
          target.protocol === 'https:'
            ? requestHttps(target, { ...options, agent: secure })
            : requestHttp(target, { ...options, agent: plain })
        request.on('response', (response) => {
          response.resume()
          response.on('error', () => {})
          resolve({ status: response.statusCode ?? null, error: null })
        })
        request.on('timeout', () => request.destroy(new Error('no answer in time')))
        request.on('error', (error) => resolve({ status: null, error: error.message }))
        request.end(body)
      })
    },
    setCallbackOrigin: (origin) => {
      callbackOrigin = origin
    },
    close: () => {
      plain.destroy()
      secure.destroy()
    },
  }
}
