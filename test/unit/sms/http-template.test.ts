// HTTP_TEMPLATE: what a template makes of a message, and that one that is taken, whatever its text, makes
// requests to its own host and reads any answer. Mistakes are in http-template-mistakes.test.ts.

import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHttpTemplate } from '../../../src/sms/http/template.ts'
import { messageFor, NOW } from '../../contract/provider-contract.ts'
import { httpProviderOf, RECEIPT_SECRET, templateOf } from '../../support/http-templates.ts'
import { HTTP_TEMPLATES } from '../../world/http-templates.ts'

const LEAST = {
  request: { url: 'https://sms.example/send', form: { to: '{to}', text: '{text}' } },
  message_id: '/id',
}

const provider = (setting: unknown) => httpProviderOf(setting, { now: NOW })

describe('a template', () => {
  test('may say as little as this', async () => {
    expect(parseHttpTemplate(JSON.stringify(LEAST))).toEqual(parseHttpTemplate(LEAST))
    const http = provider(LEAST)
    expect(http.hasReceipts).toBe(false)
    expect(await http.buildRequest(messageFor('http'))).toEqual({
      method: 'POST',
      url: 'https://sms.example/send',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ to: '+12025550123', text: messageFor('http').text }).toString(),
    })
    const callback = {
      url: 'https://x.example/http?k=',
      headers: new Headers(),
      body: new Uint8Array(),
    }
    const unsigned = { ok: false, error: { reason: 'unsigned' } }
    expect(await http.readReceipts(callback, NOW)).toEqual(unsigned)
    expect(await http.readInbound(callback, NOW)).toEqual(unsigned)
  })

  test('of the document fits into one variable of the platform', () => {
    for (const text of Object.values(HTTP_TEMPLATES)) expect(text.length).toBeLessThan(5_000)
  })

  test('may put everything into the query, and send nothing else', async () => {
    const url =
      'https://sms.example/send/{ref}?to={to}&text={text}&tpl={template_id}&from={from}&v=1'
    const http = provider({ ...LEAST, request: { url } })
    const built = await http.buildRequest({ ...messageFor('http'), text: 'a&b=c ?#/é' })
    expect(built).toEqual({
      method: 'POST',
      url: `https://sms.example/send/${messageFor('http').ref}?to=%2B12025550123&text=a%26b%3Dc%20%3F%23%2F%C3%A9&from=Example&v=1`,
      headers: { accept: 'application/json' },
      body: '',
    })
  })

  test('sets headers, credentials and numbers', async () => {
    const { headers, body } = await provider({
      ...LEAST,
      request: {
        url: 'https://sms.example/send',
        headers: {
          'X-Ref': 'a {ref}',
          'X-Template': '{template_id}',
          'Content-Type': 'a/b+json',
        },
        basic_auth: { user: 'lockline', password: '{secret}' },
        json: [
          '{to_digits:number}',
          { text: '{text}', n: '{attempt:number}', m: '{validity_minutes}' },
          {
            until: '{expire_at}',
            odd: 'a {{b}} {{{ref}}}',
            flag: true,
            none: null,
            kind: '{encoding}',
          },
          ['{template_id}', { only: '{entity_id}' }, {}],
        ],
        encoding: { gsm7: 0, ucs2: 8 },
      },
    }).buildRequest(messageFor('http'))
    const { ref, text } = messageFor('http')
    expect(headers).toEqual({
      accept: 'application/json',
      'content-type': 'a/b+json',
      authorization: `Basic ${btoa('lockline:the-secret')}`,
      'x-ref': `a ${ref}`,
    })
    expect(JSON.parse(body)).toEqual([
      12_025_550_123,
      { text, n: 2, m: '2' },
      { until: '2026-11-23T14:05:27.000Z', odd: `a {b} {${ref}}`, flag: true, none: null, kind: 8 },
      [{}],
    ])
  })
})

describe('texts by GET', () => {
  const http = provider({
    ...LEAST,
    inbound: { body: 'query', id: ['/msgid', '/part'], from: '/src', to: '/dst', text: '/msg' },
  })
  const key = createHmac('sha256', RECEIPT_SECRET)
    .update('lockline-receipt.http')
    .digest('base64url')
  const read = (query: string) => {
    const url = `https://alerts.example.com/v1/inbound/http?${query}`
    return http.readInbound({ url, headers: new Headers(), body: new Uint8Array() }, NOW)
  }

  test('are read from the query, under the key in it', async () => {
    expect(http.reportsByGet).toBe(true)
    const query = 'msgid=7&part=1&src=%2B12025550123&dst=72345&msg=LOCK+7K3Q%20%26'
    expect(await read(`k=${key}&${query}`)).toEqual({
      ok: true,
      value: [
        {
          ...{ providerMessageId: '7.1', from: '+12025550123', to: '72345' },
          ...{ text: 'LOCK 7K3Q &', isAnswered: false },
        },
      ],
    })
    expect(await read(query)).toEqual({ ok: false, error: { reason: 'unsigned' } })
    const malformed = { ok: false, error: { reason: 'malformed' } }
    expect(await read(`k=${key}`)).toEqual(malformed)
    expect(await read(`k=${key}&msgid=7&src=1&dst=2&msg=x`)).toEqual(malformed)
  })
})

/** The same JSON with the value at one place replaced, or that place gone. */
function shaken(document: unknown, place: number, value: unknown): unknown {
  let left = place
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return value
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, walk(member)]))
  }
  return walk(document)
}

describe('whatever the text', () => {
  const isNamed = (setting: unknown) => {
    const template = parseHttpTemplate(setting)
    if (template.ok) return true
    expect(template.error.length).toBeGreaterThan(0)
    for (const problem of template.error)
      expect(problem).toMatch(/\b(is|must|needs|has|can|cannot|gives|may)\b/)
    return false
  }

  test('it is a template or has mistakes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (setting) => {
        expect(isNamed(setting)).toBe(false)
      }),
    )
  })

  test('a template with one place changed keeps to its host and reads any answer', async () => {
    const documents = fc.constantFrom<unknown>(
      ...Object.values(HTTP_TEMPLATES).map((t) => JSON.parse(t)),
    )
    const values = fc.oneof(
      fc.constant(undefined),
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(
        '{to}',
        '/a',
        '{{',
        'https://other.example/{ref}?a={text}',
        'delivered',
        'form',
      ),
    )
    let taken = 0
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.nat(75),
        values,
        fc.json(),
        async (document, place, value, answer) => {
          const setting = JSON.stringify(shaken(document, place, value)) ?? ''
          if (!isNamed(setting)) return
          taken += 1
          const http = provider(setting)
          const { url } = await http.buildRequest(messageFor('http'))
          expect(new URL(url).origin).toBe(templateOf(setting).request.url.origin)
          const outcome = http.readResponse({ status: 200, headers: {}, body: answer })
          expect(outcome.class).toMatch(/^[a-z_]+$/)
        },
      ),
      { numRuns: 500 },
    )
    expect(taken).toBeGreaterThan(20)
  })
})
