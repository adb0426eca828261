// The Worker beside a bare one, in one isolate: `/bare/*` does the same platform work (one D1 call, one
// queue message) with nothing of ours around it, or none at all. What is left is what we cost.

import worker from '../../src/index.ts'

/** As long as the lock page, with headers as long as its headers. */
const PAGE = `<!doctype html><title>bare</title><p>${'x'.repeat(2_280)}</p>`
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
    const raw = new TextEncoder().encode(env.LINK_SECRETS)
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['sign', 'verify'])
    return { key, signature: await crypto.subtle.sign('HMAC', key, SIGNED) }
  })()
  const { key, signature } = await signing
  return crypto.subtle.verify('HMAC', key, signature, SIGNED)
}

async function bare(request: Request, env: Env, path: string): Promise<Response> {
  switch (path) {
    case '/bare/empty':
      await request.arrayBuffer()
      return Response.json({ alert_id: 'none', duplicate: false }, { status: 202 })
    case '/bare/accept': {
      const event = await request.json<{ data: { account_id: string } }>()
      await insertLogin(env, event.data.account_id)
      await env.ALERTS.send({ kind: 'bare' })
      return Response.json({ alert_id: 'none', duplicate: false }, { status: 202 })
    }
    case '/bare/static':
      return new Response(PAGE, { headers: PAGE_HEADERS })
    case '/bare/page':
      return (await isGenuine(env)) ? new Response(PAGE, { headers: PAGE_HEADERS }) : new Response()
    case '/bare/lock':
      await lockBatch(env)
      await env.CALLBACKS.send({ kind: 'bare' })
      return new Response(PAGE, { headers: { 'content-type': 'text/html' } })
    default:
      return new Response(null, { status: 404 })
  }
}

/** A row as wide as ours, with the same three index entries. */
function insertLogin(env: Env, accountId: string) {
  const id = crypto.randomUUID()
  const now = Date.now()
  return env.DB.prepare(
    `INSERT INTO logins (account_id, seq, alert_id, session_id, occurred_at, received_at, country,
       city, ip_tail, browser, os, is_parallel, live_seqs, alert_count, state, is_open, attempts)
     VALUES (?, ?, ?, ?, ?, ?, 'DE', 'Frankfurt', '13.77', 'Safari', 'iOS', 0, '[]', 0, 'queued', 1, '[]')`,
  )
    .bind(`bare-${accountId}`, Math.floor(Math.random() * 2 ** 48), id, id, now, now)
    .run()
}

/** Five statements in one batch, as a lock has. */
function lockBatch(env: Env) {
  const id = crypto.randomUUID()
  const now = Date.now()
  return env.DB.batch([
    env.DB.prepare(
      `INSERT INTO locks (account_id, lock_id, via, locked_at, hold_until) VALUES (?, ?, 'api', ?, ?)`,
    ).bind(id, id, now, now),
    env.DB.prepare(
      `INSERT INTO callbacks (account_id, callback_id, type, body, state, next_attempt_at, created_at)
       VALUES (?, ?, 'account.locked', '{}', 'open', ?, ?)`,
    ).bind(id, id, now, now),
    env.DB.prepare(`UPDATE logins SET session_ended_at = ? WHERE account_id = ?`).bind(now, id),
    env.DB.prepare(
      `INSERT INTO accounts (account_id, hold_until, created_at, updated_at) VALUES (?, ?, ?, ?)`,
    ).bind(id, now, now, now),
    env.DB.prepare(`SELECT * FROM locks WHERE account_id = ?`).bind(id),
  ])
}

export default {
  fetch(request, env, executionContext) {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/bare/')) return bare(request, env, pathname)
    return worker.fetch(request, env, executionContext)
  },
  queue: (batch, env) => worker.queue(batch, env),
  scheduled: (controller, env) => worker.scheduled(controller, env),
} satisfies ExportedHandler<Env>
