// What an import says of one account, alone or as one of many: validated, its number read, what must not lie in the clear
// sealed.

import { type AccountChange, type SealedField, sealField } from '../account/accounts.ts'
import { type PhoneRefusal, parsePhone } from '../account/phone.ts'
import { makePhoneTag } from '../account/phone-tag.ts'
import { alertChoices } from '../country/profile-rules.ts'
import type { HeldProfile } from '../country/profile-setting.ts'
import type { Ports } from '../lib/ports.ts'
import type { FieldError } from '../lib/problem.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { ImportTerms } from './import-account.ts'
import type { AccountChangeRequest } from './requests.ts'

const PHONE_DETAIL: Readonly<Record<PhoneRefusal, string>> = {
  not_international: 'must be international: a plus sign, the country code, the number',
  not_a_number: 'is not a phone number',
  not_a_mobile: 'is not a valid mobile number',
  no_country: 'belongs to no single country',
}

export type ReadChange = { readonly change: AccountChange; readonly terms: ImportTerms }

type SealingContext = Pick<Ports, 'randomBytes'> & {
  readonly config: { readonly dataKeys: SealKeys; readonly profile: HeldProfile }
}

export async function readAccountChange(
  { randomBytes, config }: SealingContext,
  accountId: string,
  body: AccountChangeRequest,
): Promise<Result<ReadChange, readonly FieldError[]>> {
  const { phone, locale, alerts, phrase, totp_secret: totpSecret } = body
  const { former_phone_told: isFormerTold = false, opted_in: isOptedIn = false } = body
  const { owner_told: isOwnerTold = false } = body
  const { dataKeys } = config

  const parsed = typeof phone === 'string' ? parsePhone(phone) : null
  if (parsed && !parsed.ok) return err([{ pointer: '/phone', detail: PHONE_DETAIL[parsed.error] }])
  const { profile } = config
  const choices = alertChoices(profile)
  if (alerts && !choices.includes(alerts)) {
    const detail = `must be ${choices.join(' or ')}: fewer alerts are not allowed under PROFILE ${profile.names.join(' ')}`
    return err([{ pointer: '/alerts', detail }])
  }
  const e164 = parsed ? parsed.value.e164 : phone
  const sealed = (field: SealedField, text: string | null | undefined) =>
    typeof text === 'string' ? sealField(randomBytes, dataKeys, accountId, field, text) : text
  const change = {
    phoneSealed: await sealed('phone', e164),
    phoneTag: parsed ? await makePhoneTag(dataKeys, parsed.value.e164) : phone,
    phraseSealed: await sealed('phrase', phrase),
    totpSealed: await sealed('totp', totpSecret),
    locale,
    // As an account begins that was imported without it.
    alerts: alerts === null ? 'all' : alerts,
  } as const
  const terms = { phone: parsed?.value ?? null, isFormerTold, isOptedIn, isOwnerTold }
  return ok({ change: given(change), terms })
}

/** Drops what was not sent: undefined leaves a field as it is, null clears it. */
function given(
  change: {
    readonly [Key in keyof AccountChange]-?: AccountChange[Key] | undefined
  },
): AccountChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
