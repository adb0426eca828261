// The history from right to left: what is Latin in it keeps its own signs, and stands where the sentence has it.

import { expect, it } from 'vitest'
import { historyBody } from '../../../src/portal/history/page.ts'
import { ar } from '../../../src/words/languages/ar.ts'
import { aLogin, anAttempt } from '../deliver/fixtures.ts'

const EMPTY = { isFiltered: false, before: null, next: null }

it('a provider stands before what became of its call, apart from it', async () => {
  const attempts = [anAttempt({ provider: 'twilio', state: 'delivered', durationMs: 120 })]
  const logins = [aLogin({ attempts, city: 'Frankfurt', country: 'DE' })]
  const page = String(await historyBody(ar, { ...EMPTY, logins }))
  expect(page).toContain(`<li>\u2066twilio\u2069: ${ar.portal.history.delivered}، `)
  expect(page).toContain('<bdi>Frankfurt</bdi>، <bdi>ألمانيا</bdi>، <bdi dir="ltr">IP …')
  expect(page).toContain('<bdi dir="ltr">120\u00a0ms</bdi>')
})

it('a number keeps its sign where a word of the language is before it', async () => {
  const missed = [3, 1].map((alertNumber) =>
    aLogin({ seq: alertNumber, alertNumber, state: 'undelivered', isOpen: false }),
  )
  const page = String(await historyBody(ar, { ...EMPTY, logins: missed }))
  expect(page).toMatch(/\u2066#1\u2069، \u2066#3\u2069|\u2066#3\u2069، \u2066#1\u2069/)
})
