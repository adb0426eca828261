// What a refused TOTP code is told as.

import type { TotpVerdict } from '../account/totp-check.ts'
import type { Language } from '../words/language.ts'
import { fillTotpStep, tooManyTries } from './layout.ts'

export function totpProblem(
  language: Language,
  verdict: Exclude<TotpVerdict, { kind: 'ok' }>,
): { readonly text: string; readonly status: 422 | 429 } {
  const { common, authenticator } = language.portal
  switch (verdict.kind) {
    case 'refused':
      return { text: common.totpRefused, status: 422 }
    case 'used':
      return { text: fillTotpStep(language, common.totpUsed), status: 422 }
    case 'not_set_up':
      return { text: authenticator.intro, status: 422 }
    case 'limited':
      return { text: tooManyTries(language, verdict.retryAfterMs), status: 429 }
  }
}
