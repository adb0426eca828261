// What a push says of a login, in both directions of writing.

import { expect, it } from 'vitest'
import { describeLogin } from '../../../src/deliver/push-alert.ts'
import { ar } from '../../../src/words/languages/ar.ts'
import { en } from '../../../src/words/languages/en.ts'
import { aLogin } from './fixtures.ts'

const LOGIN = aLogin({ city: 'Frankfurt', country: 'DE', browser: 'Chrome', os: null })

it('is a list of what is known', () => {
  expect(describeLogin(LOGIN, en)).toMatch(/ UTC .+, Frankfurt, Germany, Chrome$/)
})

it('begins from the right where its language does, each part apart', () => {
  const body = describeLogin(LOGIN, ar)
  expect(body.startsWith('\u200f\u2068')).toBe(true)
  expect(
    body.endsWith('\u2069، \u2068Frankfurt\u2069، \u2068ألمانيا\u2069، \u2068Chrome\u2069'),
  ).toBe(true)
})
