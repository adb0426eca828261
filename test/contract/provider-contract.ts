// The suite every SMS provider passes. What a provider's own documents say is given by its test as
// plain data, receipts are signed there by node:crypto: nothing here is taken from the adapters.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FAILURE_CLASSES, type FailureClass } from '../../src/sms/outcome-classes.ts'
import type {
  InboundMessage,
  OutboundMessage,
  ProviderResponse,
  RawCallback,
  Receipt,
  SendOutcome,
  SmsAdapter,
} from '../../src/sms/provider.ts'
import type { ProviderName } from '../../src/sms/registry.ts'

export const REF = 'r7_Qw-3fA9xKz'
export const NOW = Date.parse('2026-11-23T14:03:27Z')
const DAY_MS = 86_400_000

/** What a provider's test has configured as its sender; these have names. */
const SENDER = '+12025550199'
const SENDER_NAMES: Readonly<Partial<Record<ProviderName, string>>> = {
  infobip: 'Example',
  http: 'Example',
  sandbox: 'sandbox',
}

export function messageFor(name: ProviderName): OutboundMessage {
  return {
    to: '+12025550123',
    text: 'Login 14:03 UTC & 5% off?\nNot you: https://x.example/l/a.b 🔒 ç+é="\'',
    from: SENDER_NAMES[name] ?? SENDER,
    ref: REF,
    receiptUrl: receiptUrlOf(name),
    attempt: 2,
    validitySeconds: 120,
  }
}

export function receiptUrlOf(name: ProviderName): string {
  return `https://alerts.example.com/v1/receipts/${name.replace(':', '-')}/${REF}`
}

export type ReadRequest = {
  readonly to: string
  readonly text: string
  readonly validitySeconds: number
  /** The ref, or a URL that ends in it, wherever the provider will echo it from. */
  readonly refs: readonly string[]
}

export type Meaning = { readonly class: FailureClass; readonly scope?: 'country' }

export type ProviderContract = {
  readonly name: ProviderName
  /** With the default API where none is given. */
  readonly make: (baseUrl?: string) => SmsAdapter
  readonly request: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    /** The whole body of `messageFor`, decoded. */
    readonly fields: unknown
    readonly decode: (body: string) => unknown
    readonly read: (body: string) => ReadRequest
    readonly validityRange: readonly [number, number]
  }
  readonly accepted: readonly (readonly [ProviderResponse, SendOutcome])[]
  /** A 2xx that must not count as accepted. */
  readonly doubtful: readonly string[]
  /** Names of fields whose values are shaken up to show that reading is total. */
  readonly responseFields: readonly string[]
  /** Every code the provider documents for a refused send. */
  readonly refusals: readonly {
    readonly meaning: Meaning
    readonly codes: readonly (number | string)[]
  }[]
  /** How the provider says `code`, and the code we keep of it. */
  readonly refuse: (code: number | string) => readonly [ProviderResponse, string]
  readonly receipts?: ReceiptContract
  /** Texts that people sent, signed as receipts are. */
  readonly inbound?: InboundContract
}

export type InboundContract = {
  readonly cases: readonly (readonly [
    what: string,
    body: string,
    messages: readonly InboundMessage[],
  ])[]
  readonly malformed: readonly string[]
}

export type ReceiptContract = {
  readonly body: string
  readonly sign: (body: string, secret?: string) => RawCallback
  readonly cases: readonly (readonly [what: string, body: string, receipts: readonly Receipt[]])[]
  readonly malformed: readonly string[]
  /** Takes the proof away, where it is in neither headers nor query. */
  readonly strip?: (callback: RawCallback) => RawCallback
  /** Any of these done to a signed callback makes it worthless. */
  readonly tamper: Readonly<
    Record<string, (callback: RawCallback, at: number, character: string) => RawCallback>
  >
}

const CLASSES: readonly (FailureClass | 'accepted')[] = ['accepted', ...FAILURE_CLASSES]

export function response(status: number, body: unknown, headers = {}): ProviderResponse {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
}

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

export function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body)
}

/** `text` with the character at the relative place `at` replaced; always another text. */
export function replaced(text: string, at: number, character: string): string {
  const index = Math.min(Math.floor(at * text.length), text.length - 1)
  const other = text[index] === character ? (character === 'x' ? 'y' : 'x') : character
  return text.slice(0, index) + other + text.slice(index + 1)
}

export function describeProviderContract(contract: ProviderContract): void {
  describe(`${contract.name} keeps the provider contract`, () => {
    describeRequest(contract)
    describeResponse(contract)
    if (contract.receipts !== undefined) describeReceipts(contract, contract.receipts)
    if (contract.receipts !== undefined && contract.inbound !== undefined) {
      describeInbound(contract, contract.receipts, contract.inbound)
    }
    test('says whether receipts come', () => {
      expect(contract.make().hasReceipts).toBe(contract.receipts !== undefined)
    })
  })
}

function describeRequest({ name, make, request }: ProviderContract): void {
  const message = messageFor(name)

  test('builds exactly the documented request', async () => {
    const built = await make().buildRequest(message)
    expect(built).toMatchObject({ method: 'POST', url: request.url, headers: request.headers })
    expect(Object.keys(built.headers).sort()).toEqual(Object.keys(request.headers).sort())
    expect(request.decode(built.body)).toEqual(request.fields)
  })

  test('sends from whom the message names, not from whom the settings do', async () => {
    const { body } = await make().buildRequest({ ...message, from: '+12025550188' })
    expect(body).toContain('12025550188')
    expect(body).not.toContain(make().defaultSender.replace('+', ''))
  })

  test.each(['http://127.0.0.1:8701', 'http://127.0.0.1:8701/', 'http://127.0.0.1:8701/other'])(
    'replaces scheme, host and port by those of %s',
    async (baseUrl) => {
      if (!request.url.startsWith('https:')) return
      const path = new URL(request.url).pathname
      const { url } = await make(baseUrl).buildRequest(message)
      expect(url).toBe(`http://127.0.0.1:8701${path}`)
    },
  )

  test('carries the ref back to us, or tells that receipts are found by its own id', async () => {
    const { refs } = request.read((await make().buildRequest(message)).body)
    if (make().reportsById) return expect(refs).toHaveLength(0)
    expect(refs.every((ref) => new RegExp(`(^|/)${REF}($|\\?)`).test(ref))).toBe(true)
    expect(refs).not.toHaveLength(0)
  })

  test('carries any text unharmed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
        const { body } = await make().buildRequest({ ...message, text })
        expect(request.read(body).text).toBe(text)
      }),
    )
  })

  test('keeps the validity in seconds, within what the provider takes', async () => {
    const [lowest, highest] = request.validityRange
    for (const validitySeconds of [0, 1, 20, 120, 36_000, 172_800, 604_800, 10_000_000]) {
      const built = await make().buildRequest({ ...message, validitySeconds })
      const expected = Math.min(Math.max(validitySeconds, lowest), highest)
      expect(request.read(built.body).validitySeconds).toBe(expected)
    }
  })
}

function describeResponse(contract: ProviderContract): void {
  const read = (answer: ProviderResponse) => contract.make().readResponse(answer)

  test.each(contract.accepted)('takes %j as accepted', (answer, outcome) => {
    expect(outcome.class).toBe('accepted')
    expect(read(answer)).toEqual(outcome)
  })

  test.each(contract.doubtful)('takes a 2xx with %j as ambiguous', (body) => {
    expect(read(response(200, body))).toEqual({ class: 'ambiguous', code: 'unreadable_body' })
  })

  const codes = contract.refusals.flatMap(({ meaning, codes }) =>
    codes.map((code) => [code, meaning.class, meaning] as const),
  )
  test.each(codes)('takes code %s as %s', (code, _class, meaning) => {
    const [answer, kept] = contract.refuse(code)
    expect(read(answer)).toEqual({ ...meaning, code: kept })
  })

  test.each([
    [301, 'provider_config'],
    [308, 'provider_config'],
    [400, 'unclear'],
    [401, 'provider_config'],
    [402, 'provider_config'],
    [403, 'provider_config'],
    [404, 'unclear'],
    [408, 'provider_transient'],
    [422, 'unclear'],
    [429, 'provider_transient'],
    [500, 'ambiguous'],
    [502, 'ambiguous'],
    [503, 'provider_transient'],
    [504, 'ambiguous'],
  ] as const)('takes a %i without a code as %s', (status, failureClass) => {
    const answer = response(status, '<html>not the API</html>')
    expect(read(answer)).toEqual({ class: failureClass, code: `http_${status}` })
  })

  test.each([429, 503])('honours Retry-After of a %i', (status) => {
    const headers = { 'retry-after': '7' }
    expect(read(response(status, '', headers))).toMatchObject({ retryAfterMs: 7_000 })
  })

  test.each(['Fri, 31 Dec 2027 23:59:59 GMT', '-1', '1e3', ''])(
    'leaves a Retry-After of %j aside',
    (value) => {
      expect(read(response(503, '', { 'retry-after': value }))).not.toHaveProperty('retryAfterMs')
    },
  )

  test.each([400, 401, 500])('knows no waiting time for a %i', (status) => {
    expect(read(response(status, '', { 'retry-after': '7' }))).not.toHaveProperty('retryAfterMs')
  })

  test('makes one of the outcomes of any answer at all', () => {
    const shaken = fc
      .dictionary(fc.constantFrom('code', ...contract.responseFields), shakenValue(contract))
      .map((value) => JSON.stringify(value))
    const known = fc.constantFrom(...contract.accepted.map(([answer]) => answer.body))
    const cut = fc.tuple(known, fc.nat(200)).map(([body, length]) => body.slice(0, length))
    const anyAnswer = fc.record({
      status: fc.oneof(fc.integer({ min: -1, max: 700 }), fc.constantFrom(200, 201, 202, 400)),
      headers: fc.dictionary(fc.constantFrom('retry-after', 'content-type'), fc.string()),
      body: fc.oneof(fc.string(), fc.json(), shaken, cut),
    })
    fc.assert(
      fc.property(anyAnswer, (answer) => {
        const outcome = read(answer)
        expect(CLASSES).toContain(outcome.class)
        if (outcome.class === 'accepted') {
          expect(outcome.providerMessageId).not.toBe('')
          expect(answer.status).toBeGreaterThanOrEqual(200)
          expect(answer.status).toBeLessThan(300)
        } else {
          expect(outcome.code).toMatch(/^[\w.:-]{1,64}$/)
        }
      }),
      { numRuns: 500 },
    )
  })
}

/** Values of the right and the wrong type, nested under the provider's own field names. */
function shakenValue({ responseFields }: ProviderContract): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom<unknown>(0, 3, 5, 4101, '1120', 'PENDING', 'REJECTED', 'queued', 'failed'),
  )
  const inner = fc.dictionary(fc.constantFrom(...responseFields), leaf)
  return fc.oneof(leaf, inner, fc.array(fc.oneof(leaf, inner), { maxLength: 2 }))
}

function describeReceipts({ make }: ProviderContract, receipts: ReceiptContract): void {
  const provider = make()
  const read = (callback: RawCallback, now = NOW) => provider.readReceipts(callback, now)
  const signed = receipts.sign(receipts.body)

  test.each(receipts.cases)('reads the receipt: %s', async (_what, body, expected) => {
    expect(await read(receipts.sign(body))).toEqual({ ok: true, value: expected })
  })

  test('reads a repeated receipt again', async () => {
    expect(await read(signed)).toEqual(await read(signed))
    expect(await read(signed)).toMatchObject({ ok: true })
  })

  test.each(receipts.malformed)('calls a signed %j malformed', async (body) => {
    expect(await read(receipts.sign(body))).toEqual({ ok: false, error: { reason: 'malformed' } })
  })

  test('refuses a wrong secret', async () => {
    const forged = receipts.sign(receipts.body, 'not-the-secret')
    expect(await read(forged)).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test('refuses a callback without any signature', async () => {
    const stripped = receipts.strip?.(signed) ?? signed
    const bare = { ...stripped, url: signed.url.split('?')[0] ?? '', headers: new Headers() }
    expect(await read(bare)).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test.each(Object.entries(receipts.tamper))('refuses any change of %s', async (_what, tamper) => {
    const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
    const character = fc.constantFrom(...'abcxyzABCXYZ0189')
    await fc.assert(
      fc.asyncProperty(place, character, async (at, other) => {
        expect(await read(tamper(signed, at, other))).toEqual({
          ok: false,
          error: { reason: 'unsigned' },
        })
      }),
    )
  })

  test('makes something of any signed body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        const result = await read(receipts.sign(body))
        if (!result.ok) expect(result.error).toEqual({ reason: 'malformed' })
      }),
    )
  })
}

function describeInbound(
  { make }: ProviderContract,
  { sign, strip, body: receipt, tamper }: ReceiptContract,
  inbound: InboundContract,
): void {
  const read = (callback: RawCallback, now = NOW) => make().readInbound(callback, now)

  test.each(inbound.cases)('%s: the text is read', async (_what, body, expected) => {
    expect(await read(sign(body))).toEqual({ ok: true, value: expected })
  })

  test('takes a receipt for no text', async () => {
    const result = await read(sign(receipt))
    expect(result.ok ? result.value : []).toEqual([])
  })

  test('takes a text for no receipt', async () => {
    const [, body] = inbound.cases[0] ?? ['', '']
    const result = await make().readReceipts(sign(body), NOW)
    expect(result.ok ? result.value : []).toEqual([])
  })

  test.each(inbound.malformed)('calls a signed text %j malformed', async (body) => {
    expect(await read(sign(body))).toEqual({ ok: false, error: { reason: 'malformed' } })
  })

  test('refuses a text with a wrong secret', async () => {
    const [, body] = inbound.cases[0] ?? ['', '']
    const forged = await read(sign(body, 'not-the-secret'))
    expect(forged).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test('refuses a text without any signature', async () => {
    const [, body] = inbound.cases[0] ?? ['', '']
    const signed = sign(body)
    const stripped = strip?.(signed) ?? signed
    const bare = { ...stripped, url: signed.url.split('?')[0] ?? '', headers: new Headers() }
    expect(await read(bare)).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test('judges the age of a text as that of a receipt', async () => {
    const [, body] = inbound.cases[0] ?? ['', '']
    const nextDay = NOW + DAY_MS
    const ofReceipt = await make().readReceipts(sign(receipt), nextDay)
    const ofText = await read(sign(body), nextDay)
    expect(ofText.ok || ofText.error.reason).toBe(ofReceipt.ok || ofReceipt.error.reason)
  })

  test.each(Object.entries(tamper))(
    'refuses a text with any change of %s',
    async (_what, change) => {
      const [, body] = inbound.cases[0] ?? ['', '']
      const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
      await fc.assert(
        fc.asyncProperty(place, async (at) => {
          const result = await read(change(sign(body), at, 'q'))
          expect(result).toEqual({ ok: false, error: { reason: 'unsigned' } })
        }),
        { numRuns: 20 },
      )
    },
  )

  test('makes something of any signed text at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        const result = await read(sign(body))
        if (!result.ok) expect(result.error).toEqual({ reason: 'malformed' })
      }),
    )
  })
}
