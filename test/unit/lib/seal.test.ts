// Sealed texts open for the same purpose with a known key, and in no other case; each says which key made it.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyName, keyNames } from '../../../src/lib/derived-key.ts'
import {
  open,
  reseal,
  type SealKeys,
  type SealPurpose,
  seal,
  sealedWith,
} from '../../../src/lib/seal.ts'
import { sealAsBefore } from '../../support/former-keys.ts'
import { randomBytes } from '../../support/ports.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const NEW_KEY = new Uint8Array(32).fill(2)
const ROTATED: SealKeys = [NEW_KEY, KEYS[0]]
const anyText = fc.string({ unit: 'grapheme', maxLength: 200 })
const FOR: SealPurpose = { use: 'phone', context: 'c' }
const forRow = (context: string): SealPurpose => ({ use: 'phone', context })

describe('seal', () => {
  it('comes back, and shows nothing of the text', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (context, text) => {
        const sealed = await seal(randomBytes, KEYS, forRow(context), text)
        expect(await open(KEYS, forRow(context), sealed)).toBe(text)
        expect(sealed).toMatch(/^[A-Za-z0-9_-]{4}\.[A-Za-z0-9_-]+$/)
      }),
    )
  })

  it('is different every time', async () => {
    const sealed = new Set<string>()
    for (let turn = 0; turn < 20; turn += 1)
      sealed.add(await seal(randomBytes, KEYS, FOR, '+12025550123'))
    expect(sealed.size).toBe(20)
  })

  it('does not open for another purpose or another row', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (context, other) => {
        fc.pre(context !== other)
        const sealed = await seal(randomBytes, KEYS, forRow(context), 'text')
        expect(await open(KEYS, forRow(other), sealed)).toBe(null)
        expect(await open(KEYS, { use: 'totp', context }, sealed)).toBe(null)
      }),
    )
  })

  it('does not open with any byte changed, cut or added, or another name', async () => {
    const sealed = await seal(randomBytes, KEYS, FOR, '+12025550123')
    const [name = '', body = ''] = sealed.split('.')
    const bytes = Buffer.from(body, 'base64url')
    const opened = (changed: Buffer) => open(KEYS, FOR, `${name}.${changed.toString('base64url')}`)
    for (const index of bytes.keys()) {
      const flipped = Buffer.from(bytes)
      flipped[index] = (flipped[index] ?? 0) ^ 1
      expect(await opened(flipped)).toBe(null)
      expect(await opened(bytes.subarray(0, index))).toBe(null)
    }
    expect(await opened(Buffer.concat([bytes, Buffer.alloc(1)]))).toBe(null)
    for (const other of ['', '.', `${await keyName(NEW_KEY)}.`, `${name}..`]) {
      expect(await open(ROTATED, FOR, other + body)).toBe(null)
    }
  })

  it('opens after a rotation with old and new key, and seals with the new one', async () => {
    expect(await open(ROTATED, FOR, await seal(randomBytes, KEYS, FOR, 'old'))).toBe('old')
    const fresh = await seal(randomBytes, ROTATED, FOR, 'new')
    expect(await open([NEW_KEY], FOR, fresh)).toBe('new')
    expect(await open(KEYS, FOR, fresh)).toBe(null)
  })

  it('is refused for any text, without a throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary-ascii' }),
          fc.stringMatching(/^([A-Za-z0-9_-]{0,5}\.)?[A-Za-z0-9_-]{0,80}$/),
        ),
        async (text) => {
          expect(await open(KEYS, FOR, text)).toBe(null)
        },
      ),
    )
  })
})

describe('the name of a key', () => {
  it('is in front of what it has sealed, and another for another key', async () => {
    const sealed = await seal(randomBytes, ROTATED, FOR, 'text')
    const [newer, older] = await keyNames(ROTATED)
    expect(sealedWith(sealed)).toBe(newer)
    expect(newer).not.toBe(older)
    expect(newer).toMatch(/^[A-Za-z0-9_-]{4}$/)
  })

  it('is no part of the key, nor of what the key makes', async () => {
    const secret = randomBytes(32)
    const [name, sealed] = [await keyName(secret), await seal(randomBytes, [secret], FOR, 'text')]
    expect(Buffer.from(secret).toString('base64url')).not.toContain(name)
    expect(sealed.slice(name.length)).not.toContain(name)
  })

  it('is missing in what a former version has sealed, which opens with every key', async () => {
    const sealed = await sealAsBefore(KEYS[0], 'c', '+12025550123')
    expect(sealedWith(sealed)).toBe(null)
    expect(await open(ROTATED, FOR, sealed)).toBe('+12025550123')
    expect(await open([NEW_KEY], FOR, sealed)).toBe(null)
  })
})

describe('sealing anew', () => {
  it('leaves what the current key has sealed', async () => {
    const sealed = await seal(randomBytes, ROTATED, FOR, 'text')
    expect(await reseal(randomBytes, ROTATED, FOR, sealed)).toEqual({ kind: 'current' })
  })

  it.each(['an older key', 'a former version'])('takes over what %s has', async (maker) => {
    const sealed =
      maker === 'an older key'
        ? await seal(randomBytes, KEYS, FOR, 'text')
        : await sealAsBefore(KEYS[0], 'c', 'text')
    const anew = await reseal(randomBytes, ROTATED, FOR, sealed)
    if (anew.kind !== 'resealed') throw new Error(anew.kind)
    expect(anew.text).toBe('text')
    expect(await open([NEW_KEY], FOR, anew.sealed)).toBe('text')
  })

  it('leaves what no key opens', async () => {
    const sealed = await seal(randomBytes, [randomBytes(32)], FOR, 'text')
    expect(await reseal(randomBytes, ROTATED, FOR, sealed)).toEqual({ kind: 'lost' })
  })
})
