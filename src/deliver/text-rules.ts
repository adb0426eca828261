// What a text may hold on its way to one destination from one sender. Pure.

import type { Phone } from '../account/phone.ts'
import type { TextRules } from '../alert/facts.ts'
import { contentRulesFor, hasAvoidedWord, mayHoldLink } from '../country/content-rules.ts'
import type { ProfileRules } from '../country/profile-rules.ts'
import type { RouteStep } from '../routing/route.ts'

export type TextSettings = {
  readonly exchangeName: string
  readonly profile: Pick<ProfileRules, 'links'>
}

export function textRules(step: RouteStep, to: Phone, settings: TextSettings): TextRules {
  const { exchangeName, profile } = settings
  return {
    hasLink: mayHoldLink(to.country, profile),
    canReply: step.sender.canReceive,
    isNameBarred: hasAvoidedWord(exchangeName, to.country),
    barredWords: contentRulesFor(to.country).avoid,
  }
}
