// Every setting is one entry, and what is written of it elsewhere agrees: README, wrangler.toml, what is
// really read. When a table fails here, run `npm run docs`.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { parseConfig } from '../../../src/config.ts'
import type { Settings } from '../../../src/lib/settings.ts'
import { PROVIDER_NAMES } from '../../../src/sms/registry.ts'
import {
  BLOCKS,
  settingsOf,
  WORKER_SETTINGS,
  withBlock,
  withBlocks,
} from '../../../tools/docs/render.ts'
import { ports } from '../../support/ports.ts'
import { ANY_CARRIER_NAMES, CARRIER_KITS, createCarrierSecrets } from '../../world/carrier-kits.ts'

const ROOT = new URL('../../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8')

const settings = [...WORKER_SETTINGS, ...PROVIDER_NAMES.flatMap(settingsOf)]
/** Of every deployment. */
const REQUIRED = WORKER_SETTINGS.filter(({ isRequired, when }) => isRequired && !when)
const namesOf = (some: readonly { readonly name: string }[]) => some.map(({ name }) => name).sort()

describe('a made table', () => {
  it.each([...new Set(BLOCKS.map(({ file }) => file))])(
    'of %s is as made today: run `npm run docs` when this fails',
    (file) => {
      expect(read(file)).toBe(withBlocks(file, read(file)))
    },
  )

  it('wants its markers, each once', () => {
    const block = '<!-- made by npm run docs: x -->\n\nold\n\n<!-- end: x -->'
    expect(withBlock(`a\n${block}\nb`, 'x', 'new')).toBe(`a\n${block.replace('old', 'new')}\nb`)
    for (const text of ['', block + block, block.replace('end', 'END')]) {
      expect(() => withBlock(text, 'x', 'new')).toThrow('markers')
    }
  })
})

describe('the settings', () => {
  it('have a name of their own each, and a line of help', () => {
    expect(settings.length).toBeGreaterThan(40)
    expect(new Set(namesOf(settings)).size).toBe(settings.length)
    for (const { name, help, make = '' } of settings) {
      expect(name).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
      expect(help).toMatch(/^\S[^|\n]*$/)
      expect(make).not.toMatch(/[|\n]/)
    }
  })

  it.each(PROVIDER_NAMES)('of %s begin with its name', (provider) => {
    const strange = namesOf(settingsOf(provider)).filter(
      (name) => !name.startsWith(`${provider.toUpperCase()}_`),
    )
    expect(strange).toEqual([])
  })

  it('are all that is read, and all are read', () => {
    const secrets = createCarrierSecrets()
    const given: Settings = {
      ...Object.assign(
        {},
        ...ANY_CARRIER_NAMES.map((name) => CARRIER_KITS[name].settings(secrets, 'http://[::1]')),
      ),
      SMS_PROVIDERS: PROVIDER_NAMES.join(' '),
      VAPID_SUBJECT: 'mailto:operator@example.com',
    }
    const asked = new Set<string | symbol>()
    const watched = new Proxy(given, {
      get: (target, name) => {
        asked.add(name)
        return Reflect.get(target, name)
      },
    })
    parseConfig(watched, ports)
    expect([...asked].map(String).sort()).toEqual(namesOf(settings))
  })
})

describe('wrangler.toml', () => {
  const config = unstable_readConfig({ config: new URL('wrangler.toml', ROOT).pathname })
  const vars = Object.keys(config.vars).sort()

  it('has a place for each plain setting that is required', () => {
    const required = REQUIRED.filter(({ isSecret }) => !isSecret)
    expect(vars).toEqual(expect.arrayContaining(namesOf(required)))
  })

  it('has no variable that is secret, or that nothing reads', () => {
    const plain = new Set(namesOf(settings.filter(({ isSecret }) => !isSecret)))
    expect(vars.filter((name) => !plain.has(name))).toEqual([])
  })

  it('C5 lists no secret: `wrangler dev` would take those from .dev.vars, and no other setting', () => {
    expect(config.secrets).toBeUndefined()
  })
})
