// `npm run keys`: what it makes is what the Worker reads, and no list loses its former key by accident.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCloudflare } from '../../../tools/cloudflare/api.ts'
import { judgeSettings } from '../../../tools/cloudflare/settings.ts'
import { keys } from '../../../tools/keys/keys.ts'
import { KEY_NAMES, makeKeys, USUAL_KEYS } from '../../../tools/keys/make-keys.ts'
import { type KeysOptions, readKeysOptions } from '../../../tools/keys/options.ts'
import { FAKE_ACCOUNT_ID, FAKE_TOKEN } from '../../support/cloudflare/api.ts'
import { type Checkout, startCheckout } from '../deploy/deployment.ts'

const VARS = {
  ...{ EXCHANGE_NAME: 'X', PUBLIC_ORIGIN: 'https://x.example' },
  ...{ CALLBACK_URL: 'https://x.example/cb', SMS_PROVIDERS: 'sandbox' },
}

const aKey = (fill: number) => Buffer.alloc(32, fill).toString('base64')

describe('keys', () => {
  it('are all that a deployment needs, in the form the Worker reads', async () => {
    expect(judgeSettings(VARS, await makeKeys(USUAL_KEYS)).kind).toBe('fine')
    const all = { ...(await makeKeys(KEY_NAMES)), VAPID_SUBJECT: 'mailto:x@example.com' }
    expect(judgeSettings(VARS, all).kind).toBe('fine')
  })

  it('are never the same twice', async () => {
    const values = Object.values({ ...(await makeKeys(KEY_NAMES)) })
    const more = Object.values({ ...(await makeKeys(KEY_NAMES)) })
    expect(new Set([...values, ...more]).size).toBe(values.length * 2)
  })
})

describe('the command', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockline-keys-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const USUAL: KeysOptions = {
    ...{
      names: USUAL_KEYS,
      out: null,
      environment: null,
      keep: null,
      replaces: false,
      scopes: null,
    },
  }
  async function run(options: Partial<KeysOptions>, checkout?: Checkout) {
    const [shown, said]: [string[], string[]] = [[], []]
    await keys(
      { ...USUAL, ...options },
      {
        cloudflare: () => {
          if (!checkout) throw new Error('Cloudflare was not to be asked')
          const { baseUrl } = checkout.cloudflare
          return createCloudflare({ accountId: FAKE_ACCOUNT_ID, token: FAKE_TOKEN, baseUrl })
        },
        configPath: join(checkout?.folder ?? folder, 'wrangler.toml'),
        show: (text) => shown.push(text),
        say: (line) => said.push(line),
      },
    )
    return { shown: shown.join(''), said: said.join('\n') }
  }

  it('shows them once, as JSON', async () => {
    const { shown, said } = await run({})
    expect(Object.keys(JSON.parse(shown))).toEqual([...USUAL_KEYS])
    expect(said).toBe('')
  })

  it('writes them for their owner alone, shows none then, and overwrites nothing', async () => {
    const out = join(folder, 'secrets.json')
    const { shown, said } = await run({ out })
    expect(shown).toBe('')
    expect(statSync(out).mode & 0o777).toBe(0o600)
    for (const value of Object.values(JSON.parse(readFileSync(out, 'utf8')))) {
      expect(said).not.toContain(String(value))
    }
    await expect(run({ out })).rejects.toThrow('EEXIST')
  })

  it('puts a list before what it had', async () => {
    const keep = join(folder, 'present.json')
    const DATA_SECRETS = aKey(1)
    writeFileSync(keep, JSON.stringify({ DATA_SECRETS, INFOBIP_RECEIPT_SECRET: 'old' }))
    const { shown } = await run({ names: ['DATA_SECRETS', 'INFOBIP_RECEIPT_SECRET'], keep })
    const made = JSON.parse(shown)
    expect(made.DATA_SECRETS).toMatch(/^\S{44} \S{44}$/)
    expect(made.DATA_SECRETS.endsWith(` ${DATA_SECRETS}`)).toBe(true)
    // One value, no list.
    expect(made.INFOBIP_RECEIPT_SECRET).toMatch(/^[0-9a-f]{64}$/)
  })

  it('gives a new API key the scopes it is to have', async () => {
    const { shown } = await run({ names: ['API_KEYS'], scopes: 'holds.read,introspect' })
    expect(JSON.parse(shown).API_KEYS).toMatch(/^[0-9a-f]{64}:holds\.read,introspect$/)
    const others = await makeKeys(USUAL_KEYS)
    expect(judgeSettings(VARS, { ...others, ...JSON.parse(shown) }).kind).toBe('fine')
  })

  it('puts them to the Worker of the environment, but no list without its former keys', async () => {
    const checkout = await startCheckout()
    try {
      const put = { names: ['DATA_SECRETS'], environment: 'production' }
      await expect(run(put, checkout)).rejects.toThrow('is not deployed yet')
      await checkout.run()
      const secrets = () => checkout.cloudflare.account.workers.get('lockline-production')?.secrets
      const before = secrets()?.get('DATA_SECRETS')
      await expect(run(put, checkout)).rejects.toThrow('has DATA_SECRETS already')
      expect(secrets()?.get('DATA_SECRETS')).toBe(before)
      const { shown } = await run({ ...put, keep: checkout.secretsFile }, checkout)
      const now = secrets()?.get('DATA_SECRETS')
      expect(now).toBe(JSON.parse(shown).DATA_SECRETS)
      expect(now?.endsWith(` ${before}`)).toBe(true)
      await run({ ...put, replaces: true }, checkout)
      expect(secrets()?.get('DATA_SECRETS')).toMatch(/^\S{44}$/)
    } finally {
      await checkout.close()
    }
  })

  it.each([
    ['a blank text', { DATA_SECRETS: ' \n' }, 'has DATA_SECRETS already'],
    ['no key', { DATA_SECRETS: 'zq81-abc' }, 'DATA_SECRETS must be base64 keys'],
    ['keys with a comma', { DATA_SECRETS: `${aKey(1)},${aKey(2)}` }, 'DATA_SECRETS must be base64'],
    ['a key and a slip', { DATA_SECRETS: `${aKey(1)} zq81` }, 'DATA_SECRETS must be base64 keys'],
    ['a list', { DATA_SECRETS: [aKey(1)] }, 'DATA_SECRETS must be text'],
    ['a number', { DATA_SECRETS: 81 }, 'DATA_SECRETS must be text'],
    ['nothing by name', [], 'an object of secrets by name'],
    ['a list of secrets', [aKey(1)], 'an object of secrets by name'],
    ['another of that name', { data_secrets: aKey(1) }, 'has DATA_SECRETS already'],
  ])(
    'puts and shows nothing where the file with the present values has %s',
    async (_what, content, problem) => {
      const checkout = await startCheckout()
      try {
        await checkout.run()
        const { secrets } = checkout.cloudflare.account.workers.get('lockline-production') ?? {}
        const before = secrets?.get('DATA_SECRETS')
        const [keep, out] = [join(folder, 'present.json'), join(folder, 'made.json')]
        writeFileSync(keep, JSON.stringify(content))
        const put = { names: ['DATA_SECRETS'], environment: 'production', keep, out }
        const failure = await run(put, checkout).catch((error: Error) => error.message)
        expect(failure).toContain(problem)
        expect(failure).not.toMatch(/zq81|AQEB/)
        expect(secrets?.get('DATA_SECRETS')).toBe(before)
        expect(existsSync(out)).toBe(false)
      } finally {
        await checkout.close()
      }
    },
  )

  it('says so where it makes a list without former keys of the file', async () => {
    const keep = join(folder, 'present.json')
    writeFileSync(keep, JSON.stringify({ DATA_SECRETS: ' ', LINK_SECRETS: aKey(1) }))
    const { said } = await run({ names: ['DATA_SECRETS', 'LINK_SECRETS'], keep })
    expect(said).toContain('has no DATA_SECRETS')
  })

  it('shows no list that the Worker would not read', async () => {
    const keep = join(folder, 'present.json')
    for (const [name, value] of [
      ['API_KEYS', 'zq81'],
      ['WEBHOOK_SECRETS', aKey(1)],
      ['CALLBACK_SECRETS', `whpk_${aKey(1)}`],
      ['LINK_SECRETS', aKey(1).replace('=', '')],
    ] as const) {
      writeFileSync(keep, JSON.stringify({ [name]: value }))
      const failure = await run({ names: [name], keep }).catch((error: Error) => error.message)
      expect(failure).toContain(`${name} `)
      expect(failure).not.toContain(value)
    }
  })

  it('is read in full', () => {
    for (const args of [['NOPE'], ['--put'], ['--env', 'staging'], ['--replace'], ['--what']]) {
      expect(readKeysOptions(args)).toMatchObject({ kind: 'say', exitCode: 2 })
    }
    expect(readKeysOptions(['--help'])).toMatchObject({ kind: 'say', exitCode: 0 })
    expect(readKeysOptions(['API_KEYS', '--put', '--env', 'staging'])).toMatchObject({
      options: { names: ['API_KEYS'], environment: 'staging', replaces: false },
    })
  })
})
