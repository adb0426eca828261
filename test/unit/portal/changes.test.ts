// What each change of protection takes, for every owner there can be; and what a form of preferences changes.

import { describe, expect, it } from 'vitest'
import { STEPS } from '../../../src/country/profile-rules.ts'
import { PROTECTION_CHANGES } from '../../../src/exchange/protection-changed.ts'
import { keysOf } from '../../../src/lib/table.ts'
import { CHANGES, decideProof, type ProofFacts } from '../../../src/portal/change/changes.ts'
import { settingsChanges } from '../../../src/portal/settings/changes.ts'

const HOLDS = [
  { isLocked: true, isHeld: true },
  { isLocked: false, isHeld: true },
  { isLocked: false, isHeld: false },
]

const MEANS = [true, false].flatMap((hasAuthenticator) =>
  [true, false].flatMap((hasNumber) =>
    [true, false].map((hasPasskey) => ({ hasAuthenticator, hasNumber, hasPasskey })),
  ),
)

const OWNERS: readonly ProofFacts[] = MEANS.flatMap((means) =>
  HOLDS.flatMap((hold) =>
    (['exchange', 'here', null] as const).flatMap((freshCode) =>
      STEPS.numberChange.map((numberChange) => ({ ...means, ...hold, freshCode, numberChange })),
    ),
  ),
)

const weakenings = keysOf(CHANGES).filter(
  (change) => PROTECTION_CHANGES[change].direction === 'weakens',
)

describe('A2 a weakening', () => {
  it.each(weakenings)(
    '%s is told by SMS, and never made by a visit where there is app, number or passkey',
    (change) => {
      expect(CHANGES[change].notice).not.toBeNull()
      for (const facts of OWNERS) {
        const isByVisitAlone = decideProof(change, { ...facts, freshCode: null }) === 'nothing'
        const { hasAuthenticator, hasNumber, hasPasskey } = facts
        if (hasAuthenticator || hasNumber || hasPasskey) expect(isByVisitAlone).toBe(false)
      }
    },
  )
})

describe('what is added without being a proof', () => {
  it.each(['card_made', 'phrase_set', 'lift_by_owner'] as const)(
    '%s takes the app, else the number, else the passkey, else the visit',
    (change) => {
      for (const facts of OWNERS) {
        const { hasAuthenticator, hasNumber, hasPasskey } = facts
        const asked = hasNumber ? 'sms_code' : hasPasskey ? 'own_passkey' : 'nothing'
        expect(decideProof(change, facts)).toBe(hasAuthenticator ? 'totp' : asked)
      }
    },
  )

  it('a push device takes the app, and the passkey where no SMS tells of it', () => {
    for (const facts of OWNERS) {
      const { hasAuthenticator, hasNumber, hasPasskey } = facts
      const asked = hasPasskey && !hasNumber ? 'own_passkey' : 'nothing'
      expect(decideProof('push_added', facts)).toBe(hasAuthenticator ? 'totp' : asked)
    }
  })
})

describe('what the exchange has checked', () => {
  it.each(keysOf(CHANGES))('is worth nothing for %s while withdrawals are held', (change) => {
    for (const facts of OWNERS.filter(({ isHeld }) => isHeld)) {
      const without = decideProof(change, { ...facts, freshCode: null })
      expect(decideProof(change, { ...facts, freshCode: 'exchange' })).toBe(without)
    }
  })
})

describe('B10 a way to act as the owner', () => {
  it.each(['authenticator_added', 'passkey_added'] as const)(
    '%s takes the passkey or else a code to the number where there is no app, and is frozen while locked',
    (change) => {
      for (const facts of OWNERS.filter(({ hasAuthenticator }) => !hasAuthenticator)) {
        const asked = decideProof(change, facts)
        if (facts.isLocked) expect(asked).toBe('frozen')
        else if (facts.hasPasskey) expect(asked).toBe('own_passkey')
        else if (facts.hasNumber) expect(asked).toBe('sms_code')
      }
    },
  )

  it.each(['authenticator_added', 'passkey_added'] as const)(
    '%s beside a passkey and an app takes a code of the app, which the exchange cannot have seen in place of us',
    (change) => {
      const both = OWNERS.filter((facts) => facts.hasAuthenticator && facts.hasPasskey)
      for (const facts of both.filter(({ isLocked }) => !isLocked)) {
        const isSeenHere = facts.freshCode === 'here'
        expect(decideProof(change, facts)).toBe(isSeenHere ? 'nothing' : 'totp')
      }
    },
  )
})

describe('a form of preferences', () => {
  const none = { alerts: 'all', phrase: '', locale: null } as const

  it.each([
    [none, none, []],
    [none, { ...none, alerts: 'unusual' }, ['alerts_unusual']],
    [none, { ...none, alerts: 'off' }, ['alerts_off']],
    [{ ...none, alerts: 'off' }, { ...none, alerts: 'unusual' }, ['alerts_raised']],
    [{ ...none, alerts: 'unusual' }, { ...none, alerts: 'off' }, ['alerts_off']],
    [none, { ...none, phrase: 'a' }, ['phrase_set']],
    [{ ...none, phrase: 'a' }, { ...none, phrase: 'b' }, ['phrase_changed']],
    [{ ...none, phrase: 'a' }, none, ['phrase_removed']],
    [none, { ...none, locale: 'ja' }, ['language_changed']],
    [{ ...none, locale: 'ja' }, { ...none, alerts: 'off' }, ['alerts_off', 'language_changed']],
  ] as const)('from %j to %j changes %j', (before, after, changes) => {
    expect(settingsChanges(before, after)).toEqual(changes)
  })
})
