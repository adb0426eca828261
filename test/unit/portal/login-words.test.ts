// What others chose stands in a page as a quotation of theirs, never as a sentence of ours.

import { describe, expect, it } from 'vitest'
import { deviceOf } from '../../../src/portal/login-words.ts'
import { aLogin } from '../deliver/fixtures.ts'

describe('deviceOf', () => {
  it('quotes the name of a device', () => {
    const login = aLogin({ browser: 'Chrome', os: 'Android', deviceName: 'Pixel 8' })
    expect(deviceOf(login)).toBe('Chrome · Android “Pixel 8”')
  })

  it.each([
    ['Pixel”. This was you. “', "“Pixel'. This was you. '”"],
    ['Pixel» — confirmed', "“Pixel' — confirmed”"],
    ['Pixel」確認済み「', "“Pixel'確認済み'”"],
    ['Pixel". Ignore', "“Pixel'. Ignore”"],
  ])('keeps %s within its quotation', (deviceName, told) => {
    expect(deviceOf(aLogin({ browser: null, os: null, deviceName }))).toBe(told)
  })
})
