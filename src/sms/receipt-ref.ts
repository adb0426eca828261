// The reference a provider carries back to us: account, login, attempt, country, start and provider, sealed. Opaque and
// authentic in one, so that no index is needed to find the attempt and nothing personal is in a URL.

import { KEY_NAME_LENGTH } from '../lib/derived-key.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, type SealPurpose, seal } from '../lib/seal.ts'
import { SECOND_MS } from '../lib/time.ts'

export type ReceiptRef = {
  readonly accountId: string
  readonly seq: number
  readonly attempt: number
  /** Of the number, ISO 3166-1 alpha-2; absent in references of former deployments, as is the start. */
  readonly country?: string
  /** Of the call, epoch milliseconds; comes back in whole seconds. */
  readonly startedAt?: number
  /** Who was called; absent in references of former deployments. */
  readonly provider?: string
  /** Of the alert: the account may be erased, come back and count its logins anew. Absent in references of former deployments. */
  readonly alertTag?: string
  /** Of a notice, whose sequence is 0. */
  readonly noticeId?: string
}

const PURPOSE: SealPurpose = { use: 'receipt-ref', context: 'receipt-ref' }

/** `[A-Za-z0-9_-]`, at most 200 characters; 224 for a provider `http:<name>`. */
export async function makeReceiptRef(
  random: Ports['randomBytes'],
  keys: SealKeys,
  ref: ReceiptRef,
): Promise<string> {
  const of = ref.noticeId ?? ref.alertTag
  const about = of === undefined ? '' : ` ${of}`
  const text = `${ref.seq} ${ref.attempt} ${callPart(ref)}${ref.accountId}${about}`
  const sealed = await seal(random, keys, PURPOSE, text)
  // Not every provider takes more signs than these back.
  return sealed.replace('.', '')
}

/** `TH.mhx3k2.twilio `, or nothing; an account id has no space in it. */
function callPart({ country, startedAt, provider }: ReceiptRef): string {
  if (country === undefined || startedAt === undefined) return ''
  const called = provider === undefined ? '' : `.${provider}`
  return `${country}.${Math.floor(startedAt / SECOND_MS).toString(36)}${called} `
}

/** Null for a reference we did not make. */
export async function readReceiptRef(keys: SealKeys, text: string): Promise<ReceiptRef | null> {
  const opened = await openRef(keys, text)
  const match =
    /^(\d{1,15}) (\d{1,4}) (?:([A-Z]{2})\.([0-9a-z]{1,8})(?:\.([a-z0-9_:-]{1,32}))? )?(\S{1,64})(?: (?:(ntc_[0-9a-z]{26})|([0-9a-z]{1,8})))?$/.exec(
      opened ?? '',
    )
  const [, seq, attempt, country, start, provider, accountId, noticeId, alertTag] = match ?? []
  if (!seq || !attempt || !accountId) return null
  const ref = {
    ...{ accountId, seq: Number(seq), attempt: Number(attempt) },
    ...(noticeId === undefined ? {} : { noticeId }),
    ...(alertTag === undefined ? {} : { alertTag }),
  }
  if (!country || !start) return ref
  const call = { ...ref, country, startedAt: Number.parseInt(start, 36) * SECOND_MS }
  return provider === undefined ? call : { ...call, provider }
}

/** One of a former version begins with no name: only opening it tells. */
async function openRef(keys: SealKeys, text: string): Promise<string | null> {
  const named = `${text.slice(0, KEY_NAME_LENGTH)}.${text.slice(KEY_NAME_LENGTH)}`
  return (await open(keys, PURPOSE, named)) ?? open(keys, PURPOSE, text)
}
