// What each field of a request means, by schema and JSON pointer of its property. The generator
// refuses a field without a note and a note without a field.

export const fieldNotes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LoginSucceeded: {
    '/type': 'Names the event.',
    '/timestamp': 'When the login happened.',
    '/data': 'The login.',
    '/data/account_id': 'Your id of the account; the owner never sees it.',
    '/data/session_id': 'Your id of the session, as you want it back when it is revoked.',
    '/data/ip': "The user's address as your server saw it, IPv4 or IPv6.",
    '/data/user_agent': "The user's `User-Agent` header; may be empty.",
    '/data/device_name':
      'What your app knows of the device; shown beside what the user agent says.',
    '/data/locale': "The user's language; an account's own locale wins.",
    '/data/country': 'Two capital letters, if you know better than a table of addresses.',
    '/data/city': 'Shown as you send it.',
    '/data/session_expires_at': 'When the session runs out; without it, it counts as 30 days.',
  },
  SessionEnded: {
    '/type': 'Names the event.',
    '/timestamp': 'When the session ended.',
    '/data': 'The session.',
    '/data/account_id': 'The account.',
    '/data/session_id': 'The session that logged out, ran out or was ended by you.',
  },
  AccountChange: {
    '/phone':
      'International form, any spelling: `+12025550123`. Must be a valid mobile number. Null forgets it.',
    '/locale': 'Language of the texts. Null: that of each login event.',
    '/alerts':
      'Which logins are told: `all`, `unusual` (those of an unseen device or country) or `off`.',
    '/phrase':
      'Anti-phishing phrase the owner chose, in letters, digits and spaces that every phone shows; an SMS with room for it ends in it. Stored sealed, never shown here. Null forgets it.',
    '/totp_secret':
      'Base32 secret of the authenticator app. Stored sealed, never shown here. Null forgets it.',
  },
  PortalLink: {
    '/amr':
      'How you have just checked the user (RFC 8176). With `otp` a first number can be bound without a further code.',
  },
  HoldLift: {
    '/reason': 'Why, for the record and for `hold.lifted`.',
  },
}
