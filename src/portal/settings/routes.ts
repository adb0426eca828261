// /portal/settings: preferences. Switching alerts off takes a TOTP code each time, and is told by SMS.

import { Hono } from 'hono'
import { type AccountChange, openField, saveAccount, sealField } from '../../account/accounts.ts'
import { checkTotp } from '../../account/totp-check.ts'
import { cleanField } from '../../alert/field.ts'
import { PHRASE_MAX_LENGTH } from '../../alert/parts.ts'
import { randomId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import { postNotice } from '../../notice/post-notice.ts'
import { paths } from '../../paths.ts'
import { chooseLanguage, LANGUAGES } from '../../words/languages.ts'
import { portalPage } from '../layout.ts'
import { type PageStatus, respond, seeOther } from '../respond.ts'
import { totpProblem } from '../totp-problem.ts'
import type { VisitContext, VisitEnv } from '../visit/visit-env.ts'
import { type Settings, type SettingsState, settingsBody } from './page.ts'

export const settingsRoutes = new Hono<VisitEnv>()

settingsRoutes.get(paths.portalSettings, async (c) =>
  show(c, { settings: await storedSettings(c) }),
)

settingsRoutes.post(paths.portalSettings, async (c) => {
  const context = c.env.context
  const { account, form, language } = c.var
  const words = language.portal.settings
  const settings = readSettings(form, account.alerts)
  const { phrase } = settings
  // Shown changed, or not at all, it would teach its owner to trust a wrong SMS.
  if (phrase !== '' && cleanField(phrase, PHRASE_MAX_LENGTH) !== phrase) {
    return show(c, { settings, problem: words.phraseRefused, isPhraseRefused: true }, 422)
  }
  const isSwitchedOff = settings.alerts === 'off' && account.alerts !== 'off'
  if (isSwitchedOff) {
    const typed = form.get('totp')
    if (account.totpSealed === null) return seeOther(paths.portalAuthenticator)
    if (typed === null) return show(c, { settings, needsTotp: true }, 422)
    const { dataKeys } = context.config
    const verdict = await checkTotp(context.db, { account, typed, dataKeys }, context.now())
    if (verdict.kind !== 'ok') {
      const { text, status } = totpProblem(language, verdict)
      return show(c, { settings, problem: text, needsTotp: true }, status)
    }
  }
  await saveAccount(context.db, account.accountId, await toChange(c, settings), context.now())
  if (isSwitchedOff) await tellSwitchedOff(c)
  return seeOther(paths.portalSettings, 'saved')
})

function show(
  c: VisitContext,
  state: Partial<SettingsState> & Pick<SettingsState, 'settings'>,
  status: PageStatus = 200,
): Promise<Response> {
  const { language } = c.var
  const whole = { problem: null, isPhraseRefused: false, needsTotp: false, ...state }
  const heading = language.portal.settings.heading
  const body = settingsBody(language, whole)
  return respond(portalPage(c, { heading, current: paths.portalSettings, body }), status)
}

async function storedSettings(c: VisitContext): Promise<Settings> {
  const { accountId, alerts, locale, phraseSealed } = c.var.account
  const { dataKeys } = c.env.context.config
  const phrase = await openField(dataKeys, accountId, 'phrase', phraseSealed)
  return {
    alerts,
    tag: locale === null ? null : chooseLanguage([locale]).tag,
    phrase: phrase ?? '',
  }
}

/** What a browser cannot send, because the page does not offer it, changes nothing. */
function readSettings(form: URLSearchParams, alerts: Settings['alerts']): Settings {
  const choice = form.get('alerts')
  const tag = form.get('language')
  return {
    alerts: choice === 'all' || choice === 'unusual' || choice === 'off' ? choice : alerts,
    tag: LANGUAGES.find((language) => language.tag === tag)?.tag ?? null,
    phrase: (form.get('phrase') ?? '').trim(),
  }
}

async function toChange(c: VisitContext, settings: Settings): Promise<AccountChange> {
  const { accountId, locale } = c.var.account
  const { config, randomBytes } = c.env.context
  const { alerts, tag, phrase } = settings
  const phraseSealed =
    phrase === ''
      ? null
      : await sealField(randomBytes, config.dataKeys, accountId, 'phrase', phrase)
  // A locale of the exchange says more than a language: `de-CH` stays while German is chosen.
  const isSame = locale !== null && chooseLanguage([locale]).tag === tag
  return { alerts, phraseSealed, locale: isSame ? locale : tag }
}

async function tellSwitchedOff(c: VisitContext): Promise<void> {
  const { accountId } = c.var.account
  const noticeId = randomId(c.env.context.randomBytes, 'ntc')
  const notice = { accountId, noticeId, kind: 'alerts_off', untilAt: null, provider: null } as const
  await postNotice(c.env.context, notice)
  logInfo('alerts.switched_off', { account_id: accountId })
}
