// /portal/settings: preferences. Whatever makes less of the protection takes a code and is told; more of it is only told.

import { Hono } from 'hono'
import { type Account, findAccount, openField, sealField } from '../../account/accounts.ts'
import {
  changePreferencesStatement,
  isAsJudgedSql,
  type PreferenceChange,
} from '../../account/preferences.ts'
import { cleanField } from '../../alert/field.ts'
import { PHRASE_MAX_LENGTH } from '../../alert/parts.ts'
import { type AlertChoice, alertChoices, alertsFor } from '../../country/profile-rules.ts'
import { fill } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { chooseLanguage, LANGUAGES } from '../../words/languages.ts'
import { makeChange } from '../change/make-change.ts'
import { proveChange } from '../change/prove.ts'
import { answerUnproven } from '../change/unproven.ts'
import { portalPage, visitBasics } from '../layout.ts'
import { type PageStatus, respond, seeOther } from '../respond.ts'
import type { VisitContext, VisitEnv } from '../visit/visit-env.ts'
import { type Preferences, settingsChanges } from './changes.ts'
import { type Settings, type SettingsState, settingsBody } from './page.ts'

export const settingsRoutes = new Hono<VisitEnv>()

settingsRoutes.get(paths.portalSettings, async (c) =>
  show(c, { settings: await storedSettings(c) }),
)

settingsRoutes.post(paths.portalSettings, async (c) => {
  const { config, now } = c.env.context
  const { db, account, form, language } = c.var
  const { settings: words } = language.portal
  const present = alertsFor(account.alerts, config.profile)
  const settings = readSettings(form, present, alertChoices(config.profile))
  const { phrase } = settings
  // Shown changed, or not at all, it would teach its owner to trust a wrong SMS.
  if (phrase !== '' && cleanField(phrase, PHRASE_MAX_LENGTH) !== phrase) {
    const isTooLong = phrase.length > PHRASE_MAX_LENGTH
    const problem = isTooLong
      ? fill(words.phraseHint, { max: PHRASE_MAX_LENGTH })
      : words.phraseRefused
    return show(c, { settings, problem, isPhraseRefused: true }, 422)
  }
  const stored = await storedSettings(c)
  const locale = localeFor(account, settings)
  const before = { alerts: present, phrase: stored.phrase, locale: account.locale }
  const changes = settingsChanges(before, { alerts: settings.alerts, phrase, locale })
  if (changes.length === 0) return seeOther(paths.portalSettings, 'saved')
  const verdict = await proveChange(c, changes)
  if (verdict.kind !== 'proven') {
    return answerUnproven(c, verdict, ({ problem, asked, status }) =>
      show(c, { settings, problem, ...(asked && { proof: asked }) }, status),
    )
  }
  const change = await toChange(c, before, { ...settings, locale })
  const judgedChange = { judged: account, change }
  const isMade = await makeChange(c, {
    changes,
    proof: verdict.proof,
    statements: [changePreferencesStatement(db, judgedChange, now())],
    when: isAsJudgedSql(judgedChange),
  })
  if (isMade) return seeOther(paths.portalSettings, 'saved')
  return showAsItIs(c)
})

/** Somebody else was quicker: what was judged is not so any more. */
async function showAsItIs(c: VisitContext): Promise<Response> {
  const account = await findAccount(c.var.db, c.var.account.accountId)
  if (!account) return seeOther(paths.portalSettings)
  c.set('account', account)
  const problem = c.var.language.portal.common.unavailable
  return show(c, { settings: await storedSettings(c), problem }, 409)
}

function show(
  c: VisitContext,
  state: Partial<SettingsState> & Pick<SettingsState, 'settings'>,
  status: PageStatus = 200,
): Promise<Response> {
  const { account, language } = c.var
  const hasAuthenticator = account.totpSealed !== null
  const choices = alertChoices(c.env.context.config.profile)
  const none = { problem: null, isPhraseRefused: false, proof: null }
  const whole = { ...none, choices, hasAuthenticator, ...state }
  const heading = language.portal.settings.heading
  const body = settingsBody(visitBasics(c), whole)
  return respond(portalPage(c, { heading, current: paths.portalSettings, body }), status)
}

async function storedSettings(c: VisitContext): Promise<Settings> {
  const { accountId, alerts, locale, phraseSealed } = c.var.account
  const { dataKeys, profile } = c.env.context.config
  const phrase = await openField(dataKeys, accountId, 'phrase', phraseSealed)
  return {
    alerts: alertsFor(alerts, profile),
    tag: locale === null ? null : chooseLanguage([locale]).tag,
    phrase: phrase ?? '',
  }
}

/** What a browser cannot send, because the page does not offer it, changes nothing. */
function readSettings(
  form: URLSearchParams,
  present: AlertChoice,
  choices: readonly AlertChoice[],
): Settings {
  const chosen = form.get('alerts')
  const tag = form.get('language')
  return {
    alerts: choices.find((choice) => choice === chosen) ?? present,
    tag: LANGUAGES.find((language) => language.tag === tag)?.tag ?? null,
    phrase: (form.get('phrase') ?? '').trim(),
  }
}

/** A locale of the exchange says more than a language: `de-CH` stays while German is chosen. */
function localeFor({ locale }: Account, { tag }: Settings): string | null {
  return locale !== null && chooseLanguage([locale]).tag === tag ? locale : tag
}

/** What is as it was is left alone. */
async function toChange(
  c: VisitContext,
  before: Preferences,
  { alerts, phrase, locale }: Preferences,
): Promise<PreferenceChange> {
  const { accountId } = c.var.account
  const { config, randomBytes } = c.env.context
  const seal = () => sealField(randomBytes, config.dataKeys, accountId, 'phrase', phrase)
  return {
    ...(alerts !== before.alerts && { alerts }),
    ...(phrase !== before.phrase && { phraseSealed: phrase === '' ? null : await seal() }),
    ...(locale !== before.locale && { locale }),
  }
}
