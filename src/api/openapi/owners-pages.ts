// The account owner's pages: forms for people, behind a cookie. Not described, since no program calls them.

const PAGE = "a page of the account owner's"
const SCRIPT = "a script of the account owner's pages"

export const ownersPages = {
  entry: PAGE,
  portal: PAGE,
  portalNumber: PAGE,
  portalNumberCode: PAGE,
  portalNumberResend: PAGE,
  portalNumberCancel: PAGE,
  portalNumberRemove: PAGE,
  portalAuthenticator: PAGE,
  portalSettings: PAGE,
  portalSessions: PAGE,
  portalSessionsRevoke: PAGE,
  portalSessionsRevokeAll: PAGE,
  portalLogins: PAGE,
  portalLoginsCsv: PAGE,
  portalDrill: PAGE,
  portalPush: PAGE,
  portalPushTest: PAGE,
  portalPushRemove: PAGE,
  portalPushScript: SCRIPT,
  portalPasskeys: PAGE,
  portalPasskeysRemove: PAGE,
  portalPasskeyScript: SCRIPT,
  portalHold: PAGE,
  portalHoldReceipt: PAGE,
  portalLock: PAGE,
  portalLeave: PAGE,
  pushWorker: SCRIPT,
  pushRenewal: "what a script of the account owner's pages posts",
  drill: PAGE,
  lockConfirm: PAGE,
  lockConfirmScript: SCRIPT,
} as const
