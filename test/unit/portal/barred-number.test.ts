// A number whose country bars every sender there is: no code is said to be on its way to it.

import { expect, it } from 'vitest'
import { PASSKEY_PROVES_AFTER_MS } from '../../../src/account/passkeys.ts'
import { notices } from '../../../src/notice/tables.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { readAsked } from '../../support/passkeys.ts'
import { ownerPages } from './owner-pages.ts'

const NUMBER = '/portal/number'

it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  'its owner is told so in %s, and nothing is sent',
  async (_, language) => {
    const pages = await ownerPages({ PROFILE: 'ph', language })
    const device = await pages.addPasskey(pages.clock.now - PASSKEY_PROVES_AFTER_MS)
    const { challenge, sealed } = readAsked((await pages.ask(NUMBER)).text)
    const refused = await pages.ask(NUMBER, {
      ...{ phone: '+6591234567', challenge: sealed },
      credential: device.assert({ challenge }),
    })
    expect(refused.status).toBe(422)
    const [why = ''] = language.portal.number.notServed.split('{exchange}')
    expect(refused.text).toContain(why)
    expect(await pages.db.select().from(notices)).toEqual([])
  },
)
