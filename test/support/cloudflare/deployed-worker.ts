// What a smoke test or the doctor reaches at the public origin: a Worker of the account in memory, as far as they ask it.

import { Webhook } from 'standardwebhooks'
import type { FakeAccount, FakeVersion, FakeWorker } from './account.ts'

export type FakeAnswers = {
  /** Releases whose version is not well. */
  readonly sick: Set<string>
  /** Sent with what is asked, newest last. */
  readonly asked: { readonly path: string; readonly release: string | null }[]
}

/** `fetch` to the Worker called `name`, whatever the origin. */
export function fetchOf(account: FakeAccount, name: string, answers: FakeAnswers): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const worker = account.workers.get(name)
    if (!worker) throw new TypeError('getaddrinfo ENOTFOUND')
    const version = chosenVersion(worker, request.headers)
    const { pathname } = new URL(request.url)
    answers.asked.push({ path: pathname, release: version?.tag ?? null })
    if (version?.tag && answers.sick.has(version.tag)) return new Response('boom', { status: 500 })
    const headers = { 'lockline-release': version?.tag ?? '' }
    if (pathname === '/healthz') return Response.json({ status: 'ok' }, { headers })
    if (pathname === '/v1/events') return takeEvent(request, worker)
    const key = worker.secrets.get('API_KEYS') ?? ''
    const isKnown = request.headers.get('authorization') === `Bearer ${key}`
    return isKnown
      ? Response.json({ held: false, known: false })
      : new Response('unauthorized', { status: 401 })
  }
}

function chosenVersion(worker: FakeWorker, headers: Headers): FakeVersion | undefined {
  const [shares = []] = worker.deployments
  const override = headers.get('cloudflare-workers-version-overrides') ?? ''
  const named = shares.find(({ version_id }) => override === `${worker.name}="${version_id}"`)
  const most = [...shares].sort((a, b) => b.percentage - a.percentage)[0]
  return worker.versions.find(({ id }) => id === (named ?? most)?.version_id)
}

async function takeEvent(request: Request, worker: FakeWorker): Promise<Response> {
  const webhook = new Webhook(worker.secrets.get('WEBHOOK_SECRETS') ?? '')
  try {
    webhook.verify(await request.text(), Object.fromEntries(request.headers))
    return new Response(null, { status: 202 })
  } catch {
    return new Response('invalid_signature', { status: 401 })
  }
}
