// The public keys of Cloudflare Access, kept an hour. Strangers cannot make us ask for them at will, and whoever comes while
// one asks looks again by a timer of its own: no request can wait for another's promise.

import type { JSONWebKeySet } from 'jose'
import * as v from 'valibot'
import { fetchWithin } from '../lib/fetch-within.ts'
import { parseJson } from '../lib/json.ts'
import { pause } from '../lib/pause.ts'
import { HOUR_MS, isOver, MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import type { OpsContext } from './ops-context.ts'
import type { AccessKeys } from './ops-memory.ts'

export type AccessKeysContext = Pick<OpsContext, 'now' | 'after' | 'fetch' | 'ops'>

const KEPT_MS = HOUR_MS
/** A key that nobody knows may be new. */
const AGAIN_MS = MINUTE_MS
const AFTER_FAILURE_MS = 5 * SECOND_MS
const FETCH_LIMITS = { timeoutMs: 3 * SECOND_MS, bodyMaxBytes: 64 * 1024 }
const LOOK_EVERY_MS = 50
/** Whoever asked may have been killed meanwhile. */
const LOOKS_MAX = (FETCH_LIMITS.timeoutMs + 500) / LOOK_EVERY_MS

/** `isNewWanted`: what is kept did not know the key. */
export async function accessKeys(
  context: AccessKeysContext,
  issuer: string,
  isNewWanted: boolean,
): Promise<AccessKeys> {
  const { ops, after } = context
  const known = ops.access
  if (!known || isDue(known, isNewWanted, context.now())) return askFor(context, issuer)
  // An older copy serves, but for what it does not know.
  if (known.keys && !isNewWanted) return known
  let looked = known
  for (let look = 0; looked.state === 'asking' && look < LOOKS_MAX; look += 1) {
    await pause(after, LOOK_EVERY_MS)
    looked = ops.access ?? looked
  }
  return looked
}

function isDue({ keys, state, askedAt }: AccessKeys, isNewWanted: boolean, now: number): boolean {
  if (state !== 'fetched') return isOver(AFTER_FAILURE_MS, askedAt, now)
  return isOver(keys && !isNewWanted ? KEPT_MS : AGAIN_MS, askedAt, now)
}

async function askFor(context: AccessKeysContext, issuer: string): Promise<AccessKeys> {
  const { ops } = context
  const askedAt = context.now()
  const before = ops.access?.keys ?? null
  // Before it is asked: of several at once, one asks.
  ops.access = { keys: before, askedAt, state: 'asking' }
  const answer = await fetchWithin(context, `${issuer}/cdn-cgi/access/certs`, {}, FETCH_LIMITS)
  const fetched = answer.ok && answer.value.status === 200 ? readKeys(answer.value.body) : null
  const asked: AccessKeys = fetched
    ? { keys: fetched, askedAt, state: 'fetched' }
    : { keys: before, askedAt, state: 'failed' }
  ops.access = asked
  return asked
}

const KEYS_MAX = 20
const KeysSchema = v.object({
  keys: v.pipe(v.array(v.looseObject({ kty: v.string() })), v.maxLength(KEYS_MAX)),
})

function readKeys(body: string): JSONWebKeySet | null {
  const parsed = v.safeParse(KeysSchema, parseJson(body))
  return parsed.success ? parsed.output : null
}
