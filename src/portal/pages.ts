// The owner's pages, as the navigation and the tests go through them. A page that is listed here is looked at
// on every screen, in every language and without script, and never without a visit.

import { paths } from '../paths.ts'
import type { Language } from '../words/language.ts'
import type { PortalWords } from '../words/portal-words.ts'

export type OwnersPage = {
  readonly path: string
  readonly heading: (words: PortalWords, language: Language) => string
  /** False for one that another page leads to. */
  readonly isInNavigation: boolean
}

/** In the order of the navigation. */
export const OWNERS_PAGES: readonly OwnersPage[] = [
  inNavigation(paths.portal, (words) => words.common.overview),
  inNavigation(paths.portalLogins, (words) => words.history.heading),
  inNavigation(paths.portalSessions, (words) => words.sessions.heading),
  inNavigation(paths.portalNumber, (words) => words.number.heading),
  inNavigation(paths.portalSettings, (words) => words.settings.heading),
  inNavigation(paths.portalPush, (words) => words.push.heading),
  inNavigation(paths.portalPasskeys, (words) => words.passkey.heading),
  inNavigation(paths.portalWays, (_words, { ways }) => ways.heading),
  inNavigation(paths.portalDrill, (words) => words.drill.heading),
  {
    path: paths.portalAuthenticator,
    heading: (words) => words.authenticator.heading,
    isInNavigation: false,
  },
  { path: paths.portalHold, heading: (words) => words.hold.heading, isInNavigation: false },
]

function inNavigation(path: string, heading: OwnersPage['heading']): OwnersPage {
  return { path, heading, isInNavigation: true }
}
