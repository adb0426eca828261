// The text of one alert for one number: its facts read and opened, its language chosen. Sends nothing.

import { type Account, openField } from '../account/accounts.ts'
import type { Phone } from '../account/phone.ts'
import { composeAlert } from '../alert/compose.ts'
import type { AlertFacts } from '../alert/facts.ts'
import { deriveReplyCodes, deriveTypedCodes, showTypedCode } from '../lock/code.ts'
import { lockClaims, lockUrl, mintLockToken } from '../lock/link.ts'
import type { Login } from '../login/login.ts'
import type { RouteStep } from '../routing/route.ts'
import { alertLanguage } from './alert-language.ts'
import type { DeliverContext } from './deliver-context.ts'
import { registeredAlert, type SmsText } from './registered.ts'
import { textRules } from './text-rules.ts'
import { isOfHold, latestOf } from './told-hold.ts'
import { readTold } from './told-login.ts'

/**
 * What the text is for each sender: it may allow an answer or not. `latestEnd`: of holds that no lock made. `familiarLocale`: see
 * `Claim`.
 */
export async function alertTextFor(
  context: DeliverContext,
  login: Login,
  account: Account,
  latestEnd: number | null,
  familiarLocale?: string | null,
): Promise<(step: RouteStep, to: Phone) => SmsText> {
  const { config } = context
  const { accountId, phraseSealed } = account
  const phrase = await openField(config.dataKeys, accountId, 'phrase', phraseSealed)
  const language = alertLanguage(context.dbOf(login.accountId), login, account, familiarLocale)
  const heldUntil = latestOf(account, latestEnd, context.now())
  const facts = await readFacts(context, login, { phrase, heldUntil })
  const languageFor = await language
  return (step, to) => {
    const rules = textRules(step, to, config)
    const spoken = languageFor(to.country)
    const { templates } = step.sender
    const most = config.warningSegmentsMax
    const registered = templates ? registeredAlert(templates, facts, rules, spoken, most) : null
    return registered ?? composeAlert(facts, rules, spoken, most)
  }
}

/** The facts of the SMS; the text waits for the sender it will come from. */
async function readFacts(
  context: DeliverContext,
  login: Login,
  { phrase, heldUntil }: { readonly phrase: string | null; readonly heldUntil: number | null },
): Promise<AlertFacts> {
  const { config } = context
  // Several are told by the most unusual of them; the link and the code are the first one's.
  const { told, numbers, ...news } = await readTold(context.dbOf(login.accountId), login)
  const alertNumber = login.alertNumber ?? 0
  const claims = lockClaims(login.accountId, alertNumber, login.occurredAt)
  // Of the current key only: older ones are for reading.
  const keys = [config.linkKeys[0]] as const
  const [replyCode] = await deriveReplyCodes(keys, claims)
  const [typedCode] = await deriveTypedCodes(keys, claims)
  const token = await mintLockToken(config.linkKeys, claims)
  return {
    ...told,
    ...news,
    // Where a login has the name of its device, an activity has what the exchange says of it.
    deviceName: told.activity === null ? told.deviceName : told.detail,
    alertNumber,
    exchangeName: config.exchangeName,
    phrase,
    lockUrl: lockUrl(config.publicOrigin, token),
    replyCode,
    typedCode: showTypedCode(typedCode),
    mergedNumbers: numbers,
    holdUntil: isOfHold(told) ? heldUntil : null,
  }
}
