// Who may see the operator's pages: Access's word by its own keys, for this application, now; and how often we ask for
// those keys.

import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { hasOpsPages, verifyAssertion } from '../../../src/ops/access.ts'
import {
  COOKIE_MS,
  isLocalCookie,
  isLocalToken,
  localCookie,
} from '../../../src/ops/local-token.ts'
import { createOpsMemory } from '../../../src/ops/ops-memory.ts'
import { NOW } from './facts-world.ts'

const TEAM = 'https://lockline.cloudflareaccess.com'
const AUD = 'a'.repeat(64)
type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let keys: Readonly<Record<'first' | 'second', Pair>>

beforeAll(async () => {
  keys = { first: await generateKeyPair('RS256'), second: await generateKeyPair('RS256') }
})

type Claims = {
  readonly aud?: string
  readonly iss?: string
  readonly exp?: number
  readonly iat?: number
}

function assertion(kid: 'first' | 'second', claims: Claims = {}, alg = 'RS256'): Promise<string> {
  const { aud = AUD, iss = TEAM, iat = NOW / 1_000 - 10, exp = NOW / 1_000 + 60 } = claims
  return new SignJWT({ aud, iss, exp, iat, sub: 'person-1' })
    .setProtectedHeader({ alg, kid })
    .sign(alg === 'RS256' ? keys[kid].privateKey : new Uint8Array(32))
}

function aStage(answer: () => Promise<Response> | Response) {
  const asked: string[] = []
  const clock = { now: NOW }
  const context = {
    now: () => clock.now,
    // A wait is over at once: nobody waits for a clock here.
    after: (delayMs: number, run: () => void) => {
      if (delayMs < 1_000) setTimeout(run, 0)
      return () => {}
    },
    fetch: async (url: string) => {
      asked.push(url)
      return answer()
    },
    ops: createOpsMemory(),
    config: {
      ops: {
        webhookUrl: undefined,
        accessTeam: 'lockline',
        accessAud: AUD,
        localToken: undefined as string | undefined,
      },
    },
  }
  return { context, clock, asked }
}

async function certs(...kids: readonly ('first' | 'second')[]): Promise<Response> {
  const published = await Promise.all(
    kids.map(async (kid) => ({ ...(await exportJWK(keys[kid].publicKey)), kid, alg: 'RS256' })),
  )
  return Response.json({ keys: published })
}

describe('an assertion of Access', () => {
  it('is believed for this application, and its keys are fetched once', async () => {
    const { context, asked } = aStage(() => certs('first'))
    for (let time = 0; time < 3; time += 1) {
      expect(await verifyAssertion(context, await assertion('first'))).toEqual({
        by: 'access',
        name: 'person-1',
      })
    }
    expect(asked).toEqual([`${TEAM}/cdn-cgi/access/certs`])
  })

  it.each([
    ['for another application', { aud: 'b'.repeat(64) }],
    ['of another team', { iss: 'https://other.cloudflareaccess.com' }],
    ['that is over', { exp: NOW / 1_000 - 1 }],
  ])('is not believed %s', async (_what, claims) => {
    const { context } = aStage(() => certs('first'))
    expect(await verifyAssertion(context, await assertion('first', claims))).toBeNull()
  })

  it('is not believed of another key, another algorithm, or no token at all', async () => {
    const { context } = aStage(() => certs('first'))
    expect(await verifyAssertion(context, await assertion('second'))).toBeNull()
    expect(await verifyAssertion(context, await assertion('first', {}, 'HS256'))).toBeNull()
    expect(await verifyAssertion(context, 'a.b.c')).toBeNull()
    expect(await verifyAssertion(context, 'x'.repeat(9_000))).toBeNull()
  })

  it('of a new key is believed within a minute; strangers do not make us ask more often', async () => {
    let published: readonly ('first' | 'second')[] = ['first']
    const { context, clock, asked } = aStage(() => certs(...published))
    await verifyAssertion(context, await assertion('first'))
    published = ['first', 'second']
    for (let guess = 0; guess < 20; guess += 1)
      await verifyAssertion(context, await assertion('second'))
    expect(asked).toHaveLength(1)
    clock.now += MINUTE_MS
    expect(
      await verifyAssertion(context, await assertion('second', { exp: NOW / 1_000 + 120 })),
    ).not.toBeNull()
    expect(asked).toHaveLength(2)
  })

  it('goes on while the keys cannot be fetched again', async () => {
    let isAway = false
    const { context, clock } = aStage(() =>
      isAway ? new Response('', { status: 500 }) : certs('first'),
    )
    await verifyAssertion(context, await assertion('first'))
    isAway = true
    clock.now += 2 * HOUR_MS
    const later = { iat: clock.now / 1_000 - 10, exp: clock.now / 1_000 + 60 }
    expect(await verifyAssertion(context, await assertion('first', later))).not.toBeNull()
  })

  it('of several who come while the first one asks is believed of each', async () => {
    const held = Promise.withResolvers<void>()
    const { context, asked } = aStage(async () => {
      await held.promise
      return certs('first')
    })
    const token = await assertion('first')
    const operators = [1, 2, 3, 4].map(() => verifyAssertion(context, token))
    setTimeout(held.resolve, 20)
    expect((await Promise.all(operators)).map((operator) => Object(operator).by)).toEqual(
      Array(4).fill('access'),
    )
    expect(asked).toHaveLength(1)
  })

  it('is unverifiable while keys are not to be had, or not the new one, and asked for every five seconds', async () => {
    let isAway = true
    const { context, clock, asked } = aStage(() =>
      isAway ? Promise.reject(new Error('away')) : certs('first'),
    )
    const token = await assertion('first')
    for (let time = 0; time < 10; time += 1) {
      expect(await verifyAssertion(context, token)).toBe('unverifiable')
    }
    expect(asked).toHaveLength(1)
    isAway = false
    clock.now += 5_000
    expect(await verifyAssertion(context, token)).not.toBe('unverifiable')
    isAway = true
    clock.now += MINUTE_MS
    const rotated = await assertion('second', { exp: NOW / 1_000 + 300 })
    expect(await verifyAssertion(context, rotated)).toBe('unverifiable')
  })

  it('that does not name this application is nothing, and nobody asks for keys for it', async () => {
    const { context, asked } = aStage(() => Promise.reject(new Error('away')))
    expect(await verifyAssertion(context, 'a.b.c')).toBeNull()
    expect(
      await verifyAssertion(context, await assertion('first', { aud: 'b'.repeat(64) })),
    ).toBeNull()
    expect(asked).toEqual([])
  })

  it('is nothing where Access is not set', async () => {
    const { context } = aStage(() => certs('first'))
    const unset = { ...context, config: { ops: { ...context.config.ops, accessAud: undefined } } }
    expect(hasOpsPages(unset)).toBe(false)
    expect(await verifyAssertion(unset, await assertion('first'))).toBeNull()
  })
})

describe('the local token', () => {
  const token = 't'.repeat(32)
  const { context } = aStage(() => new Response())
  const local = { config: { ops: { ...context.config.ops, localToken: token } } }

  it('opens by itself, or for a day by a cookie that does not tell it', async () => {
    expect(await isLocalToken(local, token)).toBe(true)
    expect(await isLocalToken(local, `${token}x`)).toBe(false)
    const until = NOW + COOKIE_MS
    const cookie = await localCookie(token, until)
    expect(cookie).not.toContain(token)
    expect(await isLocalCookie(local, cookie, until - 1)).toBe(true)
    expect(await isLocalCookie(local, cookie, until)).toBe(false)
    // Its end cannot be moved.
    const later = cookie.replace(/^\d+/, String(until + COOKIE_MS))
    expect(await isLocalCookie(local, later, NOW)).toBe(false)
    expect(await isLocalCookie(local, token, NOW)).toBe(false)
  })

  it('opens nothing where none is set', async () => {
    expect(await isLocalToken(context, token)).toBe(false)
    expect(await isLocalCookie(context, await localCookie(token, NOW + COOKIE_MS), NOW)).toBe(false)
  })
})
