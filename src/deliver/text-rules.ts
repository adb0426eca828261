// What a text may hold on its way to one destination from one sender. Pure.

import type { Phone } from '../account/phone.ts'
import type { TextRules } from '../alert/facts.ts'
import { tappableIn } from '../alert/field.ts'
import { contentRulesFor, hasAvoidedWord, mayHoldLink } from '../country/content-rules.ts'
import type { ProfileRules } from '../country/profile-rules.ts'
import type { RouteStep } from '../routing/route.ts'

export type TextSettings = {
  readonly exchangeName: string
  readonly profile: Pick<ProfileRules, 'links'>
}

export function textRules(step: RouteStep, to: Phone, settings: TextSettings): TextRules {
  const { exchangeName, profile } = settings
  const { sender } = step
  const hasLink = mayHoldLink(to.country, profile)
  // Gate.io is a link to a phone, and to a filter. In a registered text it is part of what was registered.
  const isRegistered = sender.template !== undefined || sender.templates !== undefined
  const isLink = !hasLink && !isRegistered && tappableIn(exchangeName).link
  return {
    hasLink,
    canReply: sender.canReceive,
    isNameBarred: isLink || hasAvoidedWord(exchangeName, to.country),
    barredWords: contentRulesFor(to.country).avoid,
  }
}
