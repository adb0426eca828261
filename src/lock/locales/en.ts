// English for the lock page. Data only: another language is another file with the same keys.

export const en = {
  language: 'en',
  /** Formats instants; may be more exact than the language. */
  timeLocale: 'en-GB',
  title: 'Emergency lock',
  lockHeading: 'Not you? Lock your account',
  alert: 'About login alert #{number} of {exchange}.',
  effects: 'One press does two things, at once:',
  effectSessions: 'every device is signed out of {exchange}',
  effectHold: 'withdrawals are stopped for 24 hours',
  lockButton: 'Lock my account',
  itWasMe: 'If it was you, do nothing and close this page.',
  noPassword: 'We never ask for a password or a code here.',
  requestedHeading: 'Lock requested',
  requested: 'Your request is stored. {exchange} is being told now and will be until it confirms.',
  confirmedHeading: 'Your account is locked',
  confirmed: 'Confirmed by {exchange} at {time}.',
  liftedHeading: 'The hold was lifted',
  lifted: '{exchange} lifted the hold at {time}.',
  stepRequested: 'Requested at {time}',
  stepConfirmed: 'Confirmed by {exchange}',
  stepWaiting: 'Waiting for {exchange} to confirm',
  heldUntil: 'Withdrawals are stopped until {time}.',
  refreshes: 'This page refreshes by itself.',
  refreshNow: 'Refresh now',
  acceptedHeading: 'Lock accepted',
  accepted: 'Your request is safe and is being carried out. You can close this page.',
  unrecordedHeading: 'No lock recorded yet',
  unrecorded: 'If you have just pressed the button, it will show here in a moment.',
  openLockPage: 'Open the lock page',
  nextHeading: 'What to do next',
  nextContact:
    'Open {exchange} yourself, in its app or at the address you know, and ask for help there.',
  nextPassword: 'Change your password and check your e-mail account.',
  invalidHeading: 'This link does not work',
  invalid:
    'It may be incomplete or older than 24 hours. Open the newest SMS and tap its link again, or contact {exchange} in its app.',
  failedHeading: 'Please press once more',
  failed: 'Your request could not be stored just now. Nothing has been locked yet.',
  retryButton: 'Lock my account now',
} as const

export type LockWords = { readonly [Key in keyof typeof en]: string }
