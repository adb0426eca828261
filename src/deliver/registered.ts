// A text for a sender whose texts are registered one by one: which of them fits, and under which id. Pure.

import { composeRegistered } from '../alert/compose-registered.ts'
import type { AlertFacts, TextRules } from '../alert/facts.ts'
import { type RegisteredNotice, registeredName } from '../country/registered-texts.ts'
import type { MessageTemplate } from '../sms/provider.ts'
import type { Language } from '../words/language.ts'
import { en } from '../words/languages/en.ts'

type Templates = ReadonlyMap<string, MessageTemplate>

/** Ready for one sender; `template` where its country wants one. */
export type SmsText = {
  readonly text: string
  readonly segments: number
  readonly template?: MessageTemplate
}

/** In the owner's language where one that fits is registered, else in English, in which the barest always is. */
export function registeredAlert(
  templates: Templates,
  facts: AlertFacts,
  rules: TextRules,
  language: Language,
  warningMax?: number,
): SmsText | null {
  for (const one of [language, en]) {
    const idOf = (name: string) => templates.get(registeredName(one.tag, name))
    const composed = composeRegistered(
      facts,
      rules,
      one,
      (name) => idOf(name) !== undefined,
      warningMax,
    )
    const template = composed && idOf(composed.name)
    if (composed && template) return { ...composed, template }
  }
  return null
}

/** The language in which a notice of this name is registered; null for none: it must not go out under another's id. */
export function registeredNotice(
  templates: Templates,
  name: RegisteredNotice,
  language: Language,
): { readonly language: Language; readonly template: MessageTemplate } | null {
  for (const one of [language, en]) {
    const template = templates.get(registeredName(one.tag, name))
    if (template) return { language: one, template }
  }
  return null
}
