// Every clause of every profile: it says where it comes from, and does what it says. A clause whose setting and step no
// effect below shows fails here. Of several askings the stricter one wins, whatever else is asked or chosen.

import { readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTold } from '../../../src/account/preferences.ts'
import { accounts } from '../../../src/account/tables.ts'
import { composeAlert } from '../../../src/alert/compose.ts'
import { parseConfig } from '../../../src/config.ts'
import { mayHoldLink } from '../../../src/country/content-rules.ts'
import {
  type AlertChoice,
  type Asked,
  alertChoices,
  alertsFor,
  type Clause,
  type ProfileRules,
  rulesOf,
  STEPS,
} from '../../../src/country/profile-rules.ts'
import {
  NO_PROFILE,
  PROFILE_NAMES,
  type ProfileName,
  profileOf,
} from '../../../src/country/profile-setting.ts'
import { PROFILES } from '../../../src/country/profiles.ts'
import { textRules } from '../../../src/deliver/text-rules.ts'
import { keysOf } from '../../../src/lib/table.ts'
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts'
import { coolingOffMs } from '../../../src/lock/hold-settings.ts'
import { decideProof } from '../../../src/portal/change/changes.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { ports } from '../../support/ports.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'
import { ROUTE } from '../deliver/fixtures.ts'
import { ACCOUNT, NOON, ownersDb, storeOne } from '../login/owner-logins.ts'

const [STEP] = ROUTE
const TO = { e164: '+12025550123', country: 'US' } as const
const OFFER_TO_CALL = '+1 202 555 0199'

const SETTINGS = {
  EXCHANGE_NAME: 'BitEx',
  PUBLIC_ORIGIN: 'https://lock.example.com',
  WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
  API_KEYS: 'an-api-key-of-an-exchange',
  CALLBACK_URL: 'https://exchange.example.com/hooks',
  CALLBACK_SECRETS: `whsec_${Buffer.alloc(32, 2).toString('base64')}`,
  LINK_SECRETS: Buffer.alloc(32, 3).toString('base64'),
  DATA_SECRETS: Buffer.alloc(32, 4).toString('base64'),
  SMS_PROVIDERS: 'sandbox',
}

function problemsOf(settings: Readonly<Record<string, string>>) {
  const config = parseConfig({ ...SETTINGS, ...settings }, ports)
  return config.ok ? [] : config.error
}

/** What an alert says, in every language, of a device whose name an intruder chose. */
function alertsUnder(profile: ProfileRules): readonly string[] {
  if (!STEP) throw new Error('no route')
  const rules = textRules(STEP, TO, { exchangeName: 'BitEx', profile })
  const facts = { ...USUAL_ALERT, deviceName: `Call ${OFFER_TO_CALL}` }
  return LANGUAGES.map((language) => composeAlert(facts, rules, language).text)
}

/** Why the second login of a known device, and one of a new device, get no SMS where the owner has chosen `chosen`. */
async function silenced(chosen: AlertChoice, alertsLeast: AlertChoice) {
  const db = await ownersDb()
  await db.update(accounts).set({ alerts: chosen }).where(eq(accounts.accountId, ACCOUNT))
  const marks = { deviceMark: 'phone', networkMark: 'home', alertsLeast }
  await storeOne(db, NOON, marks)
  const familiar = await storeOne(db, NOON + DAY_MS, marks)
  const unusual = await storeOne(db, NOON + 2 * DAY_MS, { ...marks, deviceMark: 'other' })
  return { familiar: familiar.suppressionReason, unusual: unusual.suppressionReason }
}

const FACTS = [true, false].flatMap((hasAuthenticator) =>
  [true, false].flatMap((hasNumber) =>
    ([null, 'here', 'exchange'] as const).map((freshCode) => {
      const own = { hasAuthenticator, hasNumber, hasPasskey: true, freshCode }
      return { ...own, isLocked: false, isHeld: false }
    }),
  ),
)

/** What a change and a removal of the number take of any owner. */
function askedForNumber({ numberChange }: Pick<ProfileRules, 'numberChange'>) {
  const asked = FACTS.flatMap((facts) =>
    (['number_changed', 'number_removed'] as const).map((change) =>
      decideProof(change, { ...facts, numberChange }),
    ),
  )
  return [...new Set(asked)].sort()
}

type Effect = (clause: Clause, name: ProfileName) => void | Promise<void>

async function tellsAtLeast(
  least: AlertChoice,
  { familiar }: { readonly familiar: string | null },
) {
  expect(await silenced('off', 'off')).toEqual({ familiar: 'alerts_off', unusual: 'alerts_off' })
  expect(await silenced('off', least)).toEqual({ familiar, unusual: null })
  expect(alertChoices(NO_PROFILE)).toContain('off')
  expect(alertChoices({ alerts: least })).not.toContain('off')
}

/** By setting and step. */
const EFFECTS: Readonly<Record<string, Effect>> = {
  'links none': (clause, name) => {
    expect(alertsUnder(NO_PROFILE).every((text) => text.includes('http'))).toBe(true)
    const texts = alertsUnder(rulesOf([clause]))
    expect(texts.filter((text) => /https?:|\bl\//.test(text))).toEqual([])
    expect(texts.every((text) => text.includes('7K3Q'))).toBe(true)
    expect(mayHoldLink('DE', rulesOf([clause]))).toBe(false)
    expect(problemsOf({ EXCHANGE_NAME: 'Example.com' })).toEqual([])
    expect(problemsOf({ EXCHANGE_NAME: 'Example.com', PROFILE: name })).toMatchObject([
      { setting: 'EXCHANGE_NAME' },
    ])
  },
  'phoneNumbers none': (clause, name) => {
    const digits = (text: string) => text.replaceAll(/\D/g, '')
    const said = alertsUnder(rulesOf([clause])).filter((text) =>
      digits(text).includes(digits(OFFER_TO_CALL)),
    )
    expect(said).toEqual([])
    const named = { EXCHANGE_NAME: `BitEx ${OFFER_TO_CALL}` }
    expect(problemsOf(named)).toEqual([])
    expect(problemsOf({ ...named, PROFILE: name })).toMatchObject([{ setting: 'EXCHANGE_NAME' }])
  },
  'alerts unusual': () => tellsAtLeast('unusual', { familiar: 'usual' }),
  'alerts all': () => tellsAtLeast('all', { familiar: null }),
  // So without a profile too.
  'numberChange app': (clause) => {
    expect(askedForNumber(NO_PROFILE)).toEqual(['set_up', 'totp'])
    expect(askedForNumber(rulesOf([clause]))).toEqual(['set_up', 'totp'])
  },
  'numberChange passkey': (clause) => {
    expect(askedForNumber(rulesOf([clause]))).toEqual(['passkey'])
  },
  ...Object.fromEntries(
    STEPS.coolingOffHours.slice(1).map((hours): [string, Effect] => [
      `coolingOffHours ${hours}`,
      (clause) => {
        const holdsFor = (coolingOffHours: number) =>
          coolingOffMs({ coolingOffHours, profile: rulesOf([clause]) })
        expect([0, hours, 72].map(holdsFor)).toEqual(
          [hours, hours, 72].map((each) => each * HOUR_MS),
        )
      },
    ]),
  ),
}

const CLAUSES = PROFILE_NAMES.flatMap((name) =>
  PROFILES[name].clauses.map(
    (clause: Clause) => [name, clause.setting, clause.step, clause] as const,
  ),
)

describe('a clause', () => {
  it.each(CLAUSES)('of %s on %s = %s has its effect', async (name, setting, step, clause) => {
    const effect = EFFECTS[`${setting} ${step}`]
    if (!effect) throw new Error(`nothing shows what ${setting} ${step} does`)
    await effect(clause, name)
  })

  it.each(CLAUSES)('of %s on %s = %s says where it comes from, and when', (_n, _s, _t, clause) => {
    const date = /^\d{4}(-\d{2}){0,2}$/
    for (const at of [clause.issued, clause.effective]) {
      if (at !== null) expect(at).toMatch(date)
    }
    expect(clause.read).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    for (const source of [clause.source, clause.alsoRead ?? clause.source]) {
      expect(new URL(source).protocol).toBe('https:')
    }
    for (const text of [clause.regulator, clause.document, clause.asks, clause.notCovered]) {
      expect(text).toMatch(/^[^|\n]{4,}$/)
    }
  })

  it('is in every profile, each setting once, and every profile says what it leaves open', () => {
    for (const { clauses, notCovered } of Object.values(PROFILES)) {
      const settings = clauses.map(({ setting }: Clause) => setting)
      expect(settings.length).toBeGreaterThan(0)
      expect(new Set(settings).size).toBe(settings.length)
      expect(notCovered).toMatch(/\.$/)
    }
  })
})

function stepOf(name: keyof ProfileRules, rules: ProfileRules): number {
  const steps: readonly unknown[] = STEPS[name]
  return steps.indexOf(rules[name])
}

const anyAsked: fc.Arbitrary<Asked> = fc.constantFrom(
  ...PROFILE_NAMES.flatMap((name): readonly Asked[] => PROFILES[name].clauses),
)

describe('the stricter', () => {
  it('wins of all that is asked: one asking more never loosens anything', () => {
    fc.assert(
      fc.property(fc.array(anyAsked), anyAsked, (asked, more) => {
        const [before, after] = [rulesOf(asked), rulesOf([more, ...asked])]
        for (const name of keysOf(STEPS)) {
          const floor = name === more.setting ? stepOf(name, rulesOf([more])) : 0
          expect(stepOf(name, after)).toBe(Math.max(stepOf(name, before), floor))
        }
      }),
    )
  })

  it('wins of several profiles, in whatever order they are named', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...PROFILE_NAMES]), (names) => {
        const held = profileOf(names)
        for (const name of keysOf(STEPS)) {
          const steps = names.map((one) => stepOf(name, profileOf([one])))
          expect(stepOf(name, held)).toBe(Math.max(0, ...steps))
        }
      }),
    )
  })

  it('wins of profile and owner: nobody gets fewer alerts than either says', () => {
    const choice = fc.constantFrom(...STEPS.alerts)
    fc.assert(
      fc.property(choice, choice, fc.boolean(), (chosen, least, isFamiliar) => {
        const held = alertsFor(chosen, { alerts: least })
        for (const one of [chosen, least]) {
          if (isTold(one, NO_PROFILE, isFamiliar)) {
            expect(isTold(chosen, { alerts: least }, isFamiliar)).toBe(true)
          }
        }
        expect(alertsFor(held, { alerts: least })).toBe(held)
        expect(alertChoices({ alerts: least }).includes(chosen)).toBe(held === chosen)
      }),
    )
  })

  it.each(STEPS.alerts.flatMap((chosen) => STEPS.alerts.map((least) => [chosen, least] as const)))(
    'wins where a login is stored: %s chosen, %s at least',
    async (chosen, least) => {
      const alone = await silenced(alertsFor(chosen, { alerts: least }), 'off')
      expect(await silenced(chosen, least)).toEqual(alone)
    },
  )

  it('wins of profile and country: a link needs both', () => {
    for (const links of STEPS.links) {
      expect(mayHoldLink('SG', { links })).toBe(false)
      expect(mayHoldLink('DE', { links })).toBe(links === 'allowed')
    }
  })
})

describe('PROFILE', () => {
  it('is none unless it is set, and then all is as it was', () => {
    const config = parseConfig(SETTINGS, ports)
    expect(config.ok && config.value.profile).toEqual({
      links: 'allowed',
      phoneNumbers: 'allowed',
      alerts: 'off',
      numberChange: 'app',
      coolingOffHours: 0,
      names: [],
    })
  })

  it('names the known ones where one is not known', () => {
    for (const value of ['sg atlantis', 'SG', 'toString', 'sg,hk']) {
      expect(problemsOf({ PROFILE: value })).toEqual([
        { setting: 'PROFILE', problem: 'must be a list of any of ae, eu, hk, in, jp, my, ph, sg' },
      ])
    }
  })

  it('may be several', () => {
    const config = parseConfig({ ...SETTINGS, PROFILE: ' ph  hk ' }, ports)
    expect(config.ok && config.value.profile).toEqual({
      links: 'none',
      phoneNumbers: 'allowed',
      alerts: 'all',
      numberChange: 'passkey',
      coolingOffHours: 24,
      names: ['hk', 'ph'],
    })
  })

  it('is documented: each profile and each clause, as the data has it', () => {
    const document = readFileSync('docs/profiles.md', 'utf8')
    expect(document).toContain('not legal advice')
    for (const [name, , , clause] of CLAUSES) {
      expect(document).toContain(`\`${name}\``)
      for (const text of [clause.document, clause.asks, clause.source]) {
        expect(document).toContain(text)
      }
    }
  })
})
