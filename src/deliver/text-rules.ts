// What a text may hold on its way to one destination from one sender. Pure.

import type { Phone } from '../account/phone.ts'
import type { TextRules } from '../alert/facts.ts'
import { contentRulesFor, hasAvoidedWord } from '../country/content-rules.ts'
import type { RouteStep } from '../routing/route.ts'

export function textRules(step: RouteStep, to: Phone, exchangeName: string): TextRules {
  return {
    hasLink: contentRulesFor(to.country).link === 'allowed',
    canReply: step.sender.canReceive,
    isNameBarred: hasAvoidedWord(exchangeName, to.country),
  }
}
