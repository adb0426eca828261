// No value of a placeholder leaves the place it was put into: not a JSON text, not a form's field, not
// a part of a path, not a parameter, not a header.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { httpProvider } from '../../../src/sms/http/http.ts'
import type { OutboundMessage } from '../../../src/sms/provider.ts'
import { messageFor, NOW } from '../../contract/provider-contract.ts'
import { anyText } from '../../support/any-text.ts'
import { templateOf } from '../../support/http-templates.ts'
import { ports } from '../../support/ports.ts'

const RECEIPTS = { id: '/id', status: '/status', statuses: {} }

/** What could end a place: quotes, separators, line breaks, dots, halves of characters. */
const hostile = fc.oneof(
  anyText(),
  fc
    .array(fc.constantFrom(...'"\\\r\n\0&=+%?#/.:;{}<> é🔒a1', '..', '%2e', '\ud800', '\u2028'), {
      maxLength: 8,
    })
    .map((parts) => parts.join('')),
)

type Values = { readonly message: OutboundMessage; readonly secret: string }

const anyValues: fc.Arbitrary<Values> = fc.record({
  message: fc.record({
    to: hostile,
    text: hostile,
    from: hostile,
    template: fc.record({ templateId: hostile, entityId: hostile }),
    ref: hostile,
    receiptUrl: hostile,
    attempt: fc.nat(),
    validitySeconds: fc.nat(),
  }),
  secret: hostile,
})

async function build(request: object, { message, secret }: Values) {
  const form = { to: '{to}', text: '{text}', receipts: '{receipt_url}' }
  const template = templateOf({
    request: { url: 'https://sms.example/', ...('json' in request ? {} : { form }), ...request },
    message_id: '/id',
    receipts: RECEIPTS,
    signature: { header: 'x-signature', encoding: 'hex' },
  })
  const settings = { template, from: '', secret, receiptSecret: 'x', baseUrl: undefined }
  return httpProvider({ ...settings, ports: { ...ports, now: () => NOW } }).buildRequest(message)
}

const PLACES = ['to', 'text', 'from', 'ref', 'receipt_url', 'template_id', 'entity_id', 'secret']

function expected({ message, secret }: Values): Readonly<Record<string, string>> {
  return {
    to: message.to,
    text: message.text.toWellFormed(),
    from: message.from.toWellFormed(),
    ref: message.ref,
    receipt_url: message.receiptUrl,
    template_id: message.template?.templateId ?? '',
    entity_id: message.template?.entityId ?? '',
    secret,
  }
}

/** `<{to}>` and so on, so that what is added by a value would be seen on both sides. */
const fields = (around: (name: string) => string) =>
  Object.fromEntries(PLACES.map((name) => [name, around(name)]))

describe('any value', () => {
  test('stays one text of the JSON', async () => {
    const json = { before: 1, list: [fields((name) => `<{${name}}>`)], after: 2 }
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const { body } = await build({ json }, values)
        const wanted = expected(values)
        const list = [fields((name) => `<${wanted[name]}>`)]
        expect(JSON.parse(body)).toEqual({ before: 1, list, after: 2 })
      }),
    )
  })

  test('stays one field of the form', async () => {
    const form = fields((name) => `<{${name}}>`)
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const { body } = await build({ form }, values)
        const wanted = expected(values)
        expect([...new URLSearchParams(body)]).toEqual(
          PLACES.map((name) => [name, `<${(wanted[name] ?? '').toWellFormed()}>`]),
        )
      }),
    )
  })

  test('stays one parameter of the query', async () => {
    const query = PLACES.map((name) => `${name}={${name}}`).join('&')
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const { url } = await build({ url: `https://sms.example/a/b?${query}` }, values)
        const { origin, pathname, searchParams, hash } = new URL(url)
        expect([origin, pathname, hash]).toEqual(['https://sms.example', '/a/b', ''])
        const wanted = expected(values)
        expect([...searchParams]).toEqual(
          PLACES.map((name) => [name, (wanted[name] ?? '').toWellFormed()]),
        )
      }),
    )
  })

  test('stays one part of the path, or nothing is sent', async () => {
    const url = 'https://sms.example/v1/{to}/x{ref}/{secret}/send'
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const { to, ref, secret } = expected(values)
        const isDots = [to, secret].some((value) => value === '.' || value === '..')
        const built = build({ url }, values)
        if (isDots) {
          await expect(built).rejects.toThrow('another path')
          return
        }
        const { origin, pathname, search, hash } = new URL((await built).url)
        expect([origin, search, hash]).toEqual(['https://sms.example', '', ''])
        const parts = ['', 'v1', to, `x${ref}`, secret, 'send']
        expect(pathname.split('/').map(decodeURIComponent)).toEqual(
          parts.map((part) => (part ?? '').toWellFormed()),
        )
      }),
    )
  })

  test.each(['.', '..'])('%j as a part of the path sends nothing', async (to) => {
    const message = { ...messageFor('http'), to }
    const built = build({ url: 'https://sms.example/{to}/send' }, { message, secret: '' })
    await expect(built).rejects.toThrow('a value would lead to another path')
  })

  test('stays one header', async () => {
    const names = PLACES.filter((name) => name !== 'text' && name !== 'from')
    const headers = Object.fromEntries(names.map((name) => [`x-${name}`, `<{${name}}>`]))
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const built = await build({ headers }, values)
        const wanted = expected(values)
        const type = 'application/x-www-form-urlencoded'
        expect(Object.fromEntries(new Headers(built.headers))).toEqual({
          accept: 'application/json',
          'content-type': type,
          ...Object.fromEntries(
            names.map((name) => [`x-${name}`, `<${(wanted[name] ?? '').replace(/[^ -~]/g, '')}>`]),
          ),
        })
      }),
    )
  })

  test('stays the password', async () => {
    const basic_auth = { user: 'lockline', password: '{secret}' }
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const { headers } = await build({ basic_auth }, values)
        const [scheme, credentials = ''] = (headers.authorization ?? '').split(' ')
        expect(scheme).toBe('Basic')
        expect(Buffer.from(credentials, 'base64').toString('utf8')).toBe(
          `lockline:${values.secret.toWellFormed()}`,
        )
      }),
    )
  })
})
