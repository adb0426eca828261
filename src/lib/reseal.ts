// What the rooms say of what they have sealed, while the walk of ops/seal-walk.ts goes through it: which key holds it, and
// the statement that puts it under the current one.

import type { BatchItem } from 'drizzle-orm/batch'
import type { HashUse, SealUse } from './derived-key.ts'
import type { Ports } from './ports.ts'
import { reseal, type SealKeys, type SealPurpose, sealedWith } from './seal.ts'

/** What lies in D1 for longer than a rotation takes. */
export type HeldUse =
  | Extract<
      SealUse,
      'phone' | 'phrase' | 'totp' | 'push-subscription' | 'dead-letter' | 'contact-word'
    >
  | Extract<HashUse, 'login-mark'>

/** One value, as it is after the walk. */
export type HeldValue = {
  readonly use: HeldUse
  /** Empty where it names none. */
  readonly keyName: string
}

/** Of one row or one account: to be run in one batch. */
export type Resealing = {
  readonly held: readonly HeldValue[]
  readonly statements: readonly BatchItem<'sqlite'>[]
}

export type ResealContext = Pick<Ports, 'randomBytes'> & {
  readonly config: { readonly dataKeys: SealKeys }
}

export type Anew = HeldValue & {
  readonly sealed: string
  /** What was in it, where it was sealed anew; null where it was not. */
  readonly text: string | null
}

export type HeldPurpose = SealPurpose & { readonly use: HeldUse }

/**
 * Seals anew, for one account: what was the same text before is the same text after, since rows are compared by it (a
 * code that proves a number belongs to the number as it lies there).
 */
export function createResealer({ randomBytes, config }: ResealContext) {
  const done = new Map<string, Anew>()
  return async function anew(purpose: HeldPurpose, sealed: string): Promise<Anew> {
    const known = done.get(sealed)
    if (known) return known
    const { use } = purpose
    const result = await reseal(randomBytes, config.dataKeys, purpose, sealed)
    const now =
      result.kind === 'resealed'
        ? { use, sealed: result.sealed, text: result.text, keyName: nameOf(result.sealed) }
        : { use, sealed, text: null, keyName: nameOf(sealed) }
    done.set(sealed, now)
    return now
  }
}

function nameOf(sealed: string): string {
  return sealedWith(sealed) ?? ''
}
