// Every mistake in HTTP_TEMPLATE is named, with its place; several at once are all named.

import { describe, expect, test } from 'vitest'
import { parseHttpTemplate } from '../../../src/sms/http/template.ts'

const LEAST = {
  request: { url: 'https://sms.example/send', form: { to: '{to}', text: '{text}' } },
  message_id: '/id',
}

const withRequest = (fields: object) => ({ ...LEAST, request: { ...LEAST.request, ...fields } })

function problemsOf(setting: unknown): readonly string[] {
  const template = parseHttpTemplate(setting)
  return template.ok ? [] : template.error
}

describe('the mistake', () => {
  const POINTER = 'must be a JSON pointer like /data/0/id'
  const CLASS = 'must be a failure class'
  const RECEIPTS = { id: '/id', status: '/s', statuses: {} }
  const MEMBERS = { receipt_url: '{receipt_url}', to: '{to}', text: '{text}' }

  test.each<[what: string, setting: unknown, problems: readonly string[]]>([
    ['no JSON', '{"request":}', ['is not JSON']],
    ['no comma', '{"request":1 "a":2}', ['is not JSON from character 13 on']],
    ['no text at all', ' ', ['is not JSON']],
    ['no object', '[]', ['must be an object']],
    ['nothing', '{}', ['at /request is required', 'at /message_id is required']],
    ['an unknown member', { ...LEAST, retries: 3 }, ['at /retries is not known here']],
    [
      'several at once',
      {
        ...withRequest({ urls: 1, form: { to: '{tO}', text: '{' } }),
        a: 1,
        b: 2,
        message_id: 'id',
      },
      [
        'at /request/form/to has no placeholder {tO}',
        'at /request/form/text has a single brace: one that stands for itself is written twice',
        'at /request/urls is not known here',
        `at /message_id ${POINTER}`,
        'at /a is not known here',
        'at /b is not known here',
      ],
    ],
    [
      'http',
      withRequest({ url: 'http://sms.example/' }),
      ['at /request/url must be an https URL without placeholders in its host'],
    ],
    [
      'a host to fill in',
      withRequest({ url: 'https://{from}.example/' }),
      ['at /request/url must be an https URL without placeholders in its host'],
    ],
    [
      'a port to fill in',
      withRequest({ url: 'https://sms.example:{attempt}/' }),
      ['at /request/url must be an https URL without placeholders in its host'],
    ],
    [
      'a user in the URL',
      withRequest({ url: 'https://a:b@sms.example/' }),
      ['at /request/url must be an https URL without placeholders in its host'],
    ],
    [
      'a fragment',
      withRequest({ url: 'https://sms.example/#a' }),
      ['at /request/url has a character that a URL writes as % and two digits, or a fragment'],
    ],
    [
      'a space in the URL',
      withRequest({ url: 'https://sms.example/a b' }),
      ['at /request/url has a character that a URL writes as % and two digits, or a fragment'],
    ],
    [
      'dots in the path',
      withRequest({ url: 'https://sms.example/a/%2e./b' }),
      ['at /request/url must not have . or .. as a part of its path'],
    ],
    [
      'the text in the path',
      withRequest({ url: 'https://sms.example/{text}' }),
      ['at /request/url cannot have {text} here'],
    ],
    [
      'the text in a header',
      withRequest({ headers: { x: '{text}' } }),
      ['at /request/headers/x cannot have {text} here'],
    ],
    [
      'a line break in a header',
      withRequest({ headers: { x: 'a\r\nb: c' } }),
      ['at /request/headers/x must be printable ASCII'],
    ],
    [
      'a header that is none',
      withRequest({ headers: { 'x y': 'a' } }),
      ['at /request/headers/x y must be the name of a header'],
    ],
    [
      'a header of the connection',
      withRequest({ headers: { Host: 'a' } }),
      ['at /request/headers/Host is not for a template to set'],
    ],
    [
      'a number for a header',
      withRequest({ headers: { x: 1 } }),
      ['at /request/headers/x must be a text'],
    ],
    ['a list for a form', withRequest({ form: 'to={to}' }), ['at /request/form must be an object']],
    [
      'a text for JSON',
      withRequest({ form: undefined, json: '{to}' }),
      ['at /request/json must be an object or a list'],
    ],
    [
      'deep in JSON',
      withRequest({ form: undefined, json: { a: [{ 'b/c': '{phone}' }] } }),
      ['at /request/json/a/0/b~1c has no placeholder {phone}'],
    ],
    [
      'a text that is to be a number',
      withRequest({ form: undefined, json: { a: '{text:number}' } }),
      [
        'at /request/json/a may hold numbers only of: to_digits, attempt, validity_seconds, validity_minutes, timestamp, timestamp_ms',
      ],
    ],
    [
      'a number inside a text',
      withRequest({ form: undefined, json: { a: 'x{attempt:number}' } }),
      ['at /request/json/a can have {attempt:number} only alone, in JSON'],
    ],
    [
      'a number in a form',
      withRequest({ form: { a: '{attempt:number}' } }),
      ['at /request/form/a can have {attempt:number} only alone, in JSON'],
    ],
    [
      'a name to fill in',
      withRequest({ form: undefined, json: { '{to}': 1 } }),
      ['at /request/json has a placeholder in a name'],
    ],
    [
      'what could be a secret',
      withRequest({ form: { a: '{sk-4eC39HqLyjWDarj}' } }),
      ['at /request/form/a has no such placeholder'],
    ],
    [
      'a colon in the user',
      withRequest({ basic_auth: { user: 'a:b', password: '' } }),
      ['at /request/basic_auth/user must have no colon (RFC 7617)'],
    ],
    [
      'no number to send to',
      withRequest({ form: { text: '{text}' } }),
      ['at /request needs {to} or {to_digits}'],
    ],
    ['no text to send', withRequest({ form: { to: '{to_digits}' } }), ['at /request needs {text}']],
    ['two bodies', withRequest({ json: {} }), ['at /request has json and form']],
    [
      'two credentials',
      withRequest({
        basic_auth: { user: 'a', password: '{secret}' },
        headers: { Authorization: 'Bearer {secret}' },
      }),
      ['at /request has basic_auth and an authorization header'],
    ],
    [
      'words of no alphabet',
      withRequest({ encoding: { gsm7: 0, ucs2: 8 } }),
      ['at /request needs both {encoding} and encoding, or neither'],
    ],
    [
      'an alphabet without words',
      withRequest({ url: 'https://sms.example/?c={encoding}' }),
      ['at /request needs both {encoding} and encoding, or neither'],
    ],
    [
      'a validity upside down',
      withRequest({ validity: { min_seconds: 9, max_seconds: 8 } }),
      ['at /request/validity must not have min_seconds above max_seconds'],
    ],
    [
      'a validity of a week',
      withRequest({ validity: { max_seconds: 604_800 } }),
      ['at /request/validity/max_seconds must be at most 259200'],
    ],
    [
      'another status',
      { ...LEAST, accepted: { status: '200-302' } },
      ['at /accepted/status must be a 2xx status or a range of them, such as 200-202'],
    ],
    [
      'a range upside down',
      { ...LEAST, accepted: { status: '202-200' } },
      ['at /accepted/status must begin with its lower end'],
    ],
    [
      'a place without values',
      { ...LEAST, accepted: { pointer: '/s' } },
      ['at /accepted needs pointer and values'],
    ],
    [
      'an object for a value',
      { ...LEAST, accepted: { pointer: '/s', values: [{}] } },
      ['at /accepted/values/0 must be a text, a number, true or false'],
    ],
    ['no pointer', { ...LEAST, message_id: '/a~b' }, [`at /message_id ${POINTER}`]],
    [
      'an unknown class',
      { ...LEAST, errors: { code: '/c', classes: { 7: 'fatal' } } },
      [`at /errors/classes/7 ${CLASS}`],
    ],
    [
      'prose for a code',
      { ...LEAST, errors: { code: '/c', classes: { 'no one': 'expired' } } },
      ['at /errors/classes/no one must be a code: 1–64 of [A-Za-z0-9_.:-]'],
    ],
    [
      'an unknown state',
      { ...withRequest({ form: MEMBERS }), receipts: { ...RECEIPTS, statuses: { X: 'done' } } },
      ['at /receipts/statuses/X must be sent, delivered, no_news or a failure class'],
    ],
    [
      'two ways of finding a receipt',
      { ...withRequest({ form: MEMBERS }), receipts: { ...RECEIPTS, by_id: true } },
      ['at /receipts/by_id is for where there is neither ref nor {receipt_url}'],
    ],
    [
      'a signature over a query',
      {
        ...withRequest({ form: MEMBERS }),
        receipts: { ...RECEIPTS, body: 'query' },
        signature: { header: 'x-s', encoding: 'hex' },
      },
      ['at /signature cannot prove a query: leave it out, and the URL has a key'],
    ],
    [
      'a signature that nobody makes',
      withRequest({ headers: { 'x-s': '{signature}' } }),
      ['at /request needs both {signature} and sign, or neither'],
    ],
    [
      'a signature that is not sent',
      withRequest({ sign: { text: '{body}', encoding: 'hex' } }),
      ['at /request needs both {signature} and sign, or neither'],
    ],
    [
      'what is signed',
      withRequest({
        headers: { 'x-s': '{signature}' },
        sign: { text: '{body}{token}', encoding: 'base32', key: 'hex' },
      }),
      [
        'at /request/sign/text cannot have {token} here',
        'at /request/sign/encoding must be "hex" or "base64"',
        'at /request/sign/key must be "text" or "base64"',
      ],
    ],
    [
      'a body in a body',
      withRequest({ form: { to: '{to}', text: '{text}', all: '{body}' } }),
      ['at /request/form/all cannot have {body} here'],
    ],
    [
      'a token that nobody fetches',
      withRequest({ headers: { authorization: 'Bearer {token}' } }),
      ['at /request needs both {token} and oauth, or neither'],
    ],
    [
      'where a token comes from',
      withRequest({
        headers: { authorization: 'Bearer {token}' },
        oauth: { url: 'https://auth.example/{ref}', client_id: '', client_in: 'body' },
      }),
      [
        'at /request/oauth/url cannot have a placeholder',
        'at /request/oauth/client_id must be 1–200 characters of printable ASCII',
        'at /request/oauth/client_in must be "header" or "form"',
      ],
    ],
    [
      'patterns of an answer',
      { ...LEAST, answer: ['{id}{code}', 'OK', '{Id}', '{', '{id} {id}', 'a'.repeat(201)] },
      [
        'at /answer/0 has two names with nothing between them',
        'at /answer/1 must have a name in braces',
        'at /answer/2 has a name that is not 1–20 of a–z and _',
        'at /answer/3 has a single brace: one that stands for itself is written twice',
        'at /answer/4 has {id} twice',
        'at /answer/5 is longer than 200 characters',
      ],
    ],
    [
      'pointers past an answer',
      { ...LEAST, answer: ['OK {ids}'], errors: { code: '/a/ids' } },
      [
        'at /message_id must be / and a name in answer',
        'at /errors/code must be / and a name in answer',
      ],
    ],
    [
      'receipts that nobody asks for',
      { ...LEAST, receipts: RECEIPTS },
      ['at /receipts needs {receipt_url} in the request, or {ref} there and ref here, or by_id'],
    ],
    [
      'a reference that is not sent',
      { ...withRequest({ form: MEMBERS }), receipts: { ...RECEIPTS, ref: '/ref' } },
      ['at /receipts/ref needs {ref} in the request'],
    ],
    [
      'receipts that cannot be read',
      withRequest({ form: MEMBERS }),
      ['at /request gives out {receipt_url}, but receipts are not described'],
    ],
    [
      'a signature of nothing',
      { ...LEAST, signature: { header: 'x-s', encoding: 'hex' } },
      ['at /signature needs receipts or inbound'],
    ],
    [
      'a signature in words',
      { ...LEAST, signature: { header: 'x s', encoding: 'md5' } },
      [
        'at /signature/header must be the name of a header',
        'at /signature/encoding must be "hex" or "base64"',
      ],
    ],
    [
      'texts without their places',
      { ...LEAST, inbound: { body: 'xml', id: '/id' } },
      [
        'at /inbound/body must be "json", "form" or "query"',
        'at /inbound/from is required',
        'at /inbound/to is required',
        'at /inbound/text is required',
      ],
    ],
  ])('%s is named', (_what, setting, problems) => {
    expect(problemsOf(typeof setting === 'string' ? setting : JSON.stringify(setting))).toEqual(
      problems,
    )
  })

  test('of nesting is named, however deep', () => {
    const text = JSON.stringify(withRequest({ form: undefined, json: { a: 'DEEP' } }))
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    const [problem, ...others] = problemsOf(text.replace('"DEEP"', deep))
    expect(others).toEqual([])
    expect(problem).toMatch(/^at \/request\/json\/a(\/0){16} is nested more than 16 deep$/)
  })
})
