// The settings HTTP_*: only what the template needs is asked for, and every lack is named.

import { describe, expect, test } from 'vitest'
import type { SettingProblem, Settings } from '../../../src/lib/settings.ts'
import { configureProviders } from '../../../src/sms/registry.ts'
import { messageFor } from '../../contract/provider-contract.ts'
import { ports } from '../../support/ports.ts'
import { HTTP_TEMPLATES } from '../../world/http-templates.ts'

const GOOD = {
  SMS_PROVIDERS: 'http',
  HTTP_TEMPLATE: HTTP_TEMPLATES.form,
  HTTP_FROM: 'Example',
  HTTP_SECRET: 'a password',
  HTTP_RECEIPT_SECRET: 'sixteen letters!',
}
const PLAIN = JSON.stringify({
  request: { url: 'https://sms.example/send', form: { to: '{to}', text: '{text}' } },
  message_id: '/id',
})

function configure(changes: Settings) {
  const problems: SettingProblem[] = []
  const { names, providers } = configureProviders({ ...GOOD, ...changes }, problems, ports)
  return { names, provider: providers[0], problems }
}

describe('http', () => {
  test('is configured by its settings', async () => {
    const { provider, problems } = configure({ HTTP_BASE_URL: 'http://127.0.0.1:8701' })
    expect(problems).toEqual([])
    expect(provider).toMatchObject({ name: 'http', defaultSender: 'Example', hasReceipts: true })
    const request = await provider?.buildRequest(messageFor('http'))
    expect(request?.url).toBe('http://127.0.0.1:8701/http/send')
    expect(new URLSearchParams(request?.body).get('password')).toBe('a password')
  })

  test('takes a template that is no text but what it says', () => {
    expect(configure({ HTTP_TEMPLATE: JSON.parse(HTTP_TEMPLATES.json) }).problems).toEqual([])
  })

  test.each(['HTTP_TEMPLATE', 'HTTP_FROM', 'HTTP_SECRET', 'HTTP_RECEIPT_SECRET'])(
    'needs %s',
    (setting) => {
      for (const value of [undefined, '', null]) {
        const { names, provider, problems } = configure({ [setting]: value })
        expect(problems).toEqual([{ setting, problem: 'is missing' }])
        // Routes that have it are not called wrong too.
        expect([names, provider]).toEqual([['http'], undefined])
      }
    },
  )

  test('needs no secret that the template does not use', () => {
    const changes = { HTTP_TEMPLATE: PLAIN, HTTP_SECRET: '', HTTP_RECEIPT_SECRET: '' }
    expect(configure(changes).problems).toEqual([])
  })

  test('names each mistake of the template', () => {
    const HTTP_TEMPLATE = PLAIN.replace('{text}', '{words}').replace('"/id"', '"id"')
    expect(configure({ HTTP_TEMPLATE }).problems).toEqual([
      { setting: 'HTTP_TEMPLATE', problem: 'at /request/form/text has no placeholder {words}' },
      {
        setting: 'HTTP_TEMPLATE',
        problem: 'at /message_id must be a JSON pointer like /data/0/id',
      },
    ])
  })

  test('names a secret that no header can hold', () => {
    const { problems } = configure({ HTTP_TEMPLATE: HTTP_TEMPLATES.json, HTTP_SECRET: 'clé' })
    expect(problems).toEqual([
      { setting: 'HTTP_SECRET', problem: 'must be printable ASCII: it stands in a header' },
    ])
    expect(configure({ HTTP_SECRET: 'clé' }).problems).toEqual([])
  })

  test('names a receipt secret too short to make keys of', () => {
    expect(configure({ HTTP_RECEIPT_SECRET: 'fifteen letters' }).problems).toEqual([
      { setting: 'HTTP_RECEIPT_SECRET', problem: 'must have 16 characters or more' },
    ])
    const signed = { HTTP_TEMPLATE: HTTP_TEMPLATES.json, HTTP_RECEIPT_SECRET: 'theirs' }
    expect(configure(signed).problems).toEqual([])
  })

  test('names another host that is none', () => {
    expect(configure({ HTTP_BASE_URL: 'ftp://x' }).problems).toEqual([
      { setting: 'HTTP_BASE_URL', problem: 'must be an http or https URL' },
    ])
  })
})
