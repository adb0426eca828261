// The Worker beside a bare one, in one isolate: `/bare/*` does the same platform work (one D1 call, one
// queue message) with nothing of ours around it, or none at all. What is left is what we cost. What the
// bare one stores is told by the bench: see test/bench/bare-storage.ts.

import lockline from '../../../src/index.ts'

export * from '../../../src/index.ts'

const worker: ExportedHandler<Env> = lockline

/** `insert`: one statement with one parameter, a text that makes the row another one. */
type Storage = { readonly insert: string; readonly lock: readonly string[] }

let storage: Storage = { insert: '', lock: [] }

/** As long as the lock page, with headers as long as its headers. */
let page = ''
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${'x'.repeat(44)}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=15552000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
}

const SIGNED = new Uint8Array(120)
let signing: Promise<{ key: CryptoKey; signature: ArrayBuffer }> | undefined

/** The one thing a link cannot do without: an HMAC check by the platform. */
async function isGenuine(env: Env): Promise<boolean> {
  signing ??= (async () => {
    const raw = new TextEncoder().encode(String(Reflect.get(env, 'LINK_SECRETS')))
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['sign', 'verify'])
    return { key, signature: await crypto.subtle.sign('HMAC', key, SIGNED) }
  })()
  const { key, signature } = await signing
  return crypto.subtle.verify('HMAC', key, signature, SIGNED)
}

const accepted = () => Response.json({ alert_id: 'none', duplicate: false }, { status: 202 })
const sendPage = () => new Response(page, { headers: PAGE_HEADERS })

async function bare(request: Request, env: Env, path: string): Promise<Response> {
  switch (path) {
    case '/bare/setup': {
      const setup = await request.json<Storage & { readonly pageLength: number }>()
      storage = setup
      page = `<!doctype html><title>bare</title><p>${'x'.repeat(setup.pageLength)}</p>`
      return new Response(null, { status: 204 })
    }
    case '/bare/refuse':
      // Reads as much as it is sent, as whoever checks a signature must.
      await request.arrayBuffer()
      return Response.json({ code: 'refused' }, { status: 401 })
    case '/bare/empty':
      await request.arrayBuffer()
      return accepted()
    case '/bare/accept':
      await request.json()
      await env.DB.prepare(storage.insert).bind(crypto.randomUUID()).run()
      await env.ALERTS.send({ kind: 'bare' })
      return accepted()
    case '/bare/static':
      return sendPage()
    case '/bare/page':
      return (await isGenuine(env)) ? sendPage() : new Response()
    case '/bare/lock': {
      const id = crypto.randomUUID()
      await env.DB.batch(storage.lock.map((sql) => env.DB.prepare(sql).bind(id)))
      await env.CALLBACKS.send({ kind: 'bare' })
      return sendPage()
    }
    default:
      return new Response(null, { status: 404 })
  }
}

export default {
  async fetch(request, env, executionContext) {
    // A URL object is the bare Worker's own routing: ours does without, and is not to pay for it.
    if (request.url.includes('/bare/')) return bare(request, env, new URL(request.url).pathname)
    if (!worker.fetch) throw new Error('the Worker takes no requests')
    return worker.fetch(request, env, executionContext)
  },
  queue: (batch, env, executionContext) => worker.queue?.(batch, env, executionContext),
  scheduled: (controller, env, executionContext) =>
    worker.scheduled?.(controller, env, executionContext),
} satisfies ExportedHandler<Env>
