// Any SMS API that takes a JSON or form POST and answers in JSON or a line of text, described by a template: a local
// aggregator needs no code. What the template does not say is not guessed: an answer that is not
// described as acceptance is none.

import { utf8 } from '../../lib/base64.ts'
import { deriveId } from '../../lib/ids.ts'
import { parseJson } from '../../lib/json.ts'
import { err } from '../../lib/result.ts'
import { basicAuthorization } from '../endpoint.ts'
import { firstTokenAt, LONGEST_CODE, LONGEST_ID, scalarAt, tokenAt } from '../json-pointer.ts'
import { keyedReceiptUrl } from '../keyed-callback.ts'
import type {
  OutboundMessage,
  ProviderPorts,
  ProviderRequest,
  ProviderResponse,
  SendOutcome,
  SmsAdapter,
} from '../provider.ts'
import { isSuccess, refusal, UNREADABLE } from '../refusal.ts'
import { tokenSource } from './access-token.ts'
import { fillForm, fillJson } from './body.ts'
import { type HttpCallbackKey, readHttpInbound, readHttpReceipts } from './callbacks.ts'
import { fillPattern, type PlaceholderValues, placeholderValues } from './placeholders.ts'
import { signingKey, signRequest } from './sign.ts'
import type { HttpTemplate } from './template.ts'
import type { SignRule } from './template-request.ts'
import { readTextAnswer } from './text-answer.ts'
import { fillUrl } from './url.ts'

export type HttpSettings = {
  readonly template: HttpTemplate
  readonly from: string
  /** What `{secret}` stands for. */
  readonly secret: string
  /** What callbacks are signed with, or the keys of their URLs are made of. */
  readonly receiptSecret: string
  /** An origin in place of the template's. */
  readonly baseUrl: string | undefined
  readonly ports: ProviderPorts
}

export function httpProvider(settings: HttpSettings): SmsAdapter {
  const { template } = settings
  const { receipts, inbound, signature } = template
  const signing = signingOf(settings)
  const key: HttpCallbackKey = {
    signature,
    secret: settings.receiptSecret,
    secretBytes: utf8(settings.receiptSecret),
  }
  const { oauth } = template.request
  const tokens = oauth && tokenSource(oauth, settings.secret, settings.baseUrl, settings.ports)
  return {
    defaultSender: settings.from,
    hasReceipts: receipts !== undefined,
    ...(receipts?.by_id && { reportsById: true }),
    ...([receipts, inbound].some((rules) => rules?.body === 'query') && { reportsByGet: true }),
    ...(template.acknowledge === 200 && { acknowledgeWith: 200 }),
    ...(tokens && { tokens }),
    buildRequest: (message, token) => buildRequest(message, token, settings, signing),
    readResponse: (response) => readResponse(response, template),
    readReceipts: async (callback, now) =>
      receipts
        ? readHttpReceipts(callback, receipts, key, { now, sendClasses: template.errors?.classes })
        : err({ reason: 'unsigned' }),
    readInbound: async (callback, now) =>
      inbound ? readHttpInbound(callback, inbound, key, now) : err({ reason: 'unsigned' }),
  }
}

type Signing = { readonly rule: SignRule; readonly key: Uint8Array<ArrayBuffer> }

/** Null where nothing is to be signed; a secret that is no key was refused with the settings. */
function signingOf({ template, secret }: HttpSettings): Signing | null {
  const rule = template.request.sign
  const key = rule && signingKey(rule, secret)
  return rule && key ? { rule, key } : null
}

async function buildRequest(
  message: OutboundMessage,
  token: string | undefined,
  settings: HttpSettings,
  signing: Signing | null,
): Promise<ProviderRequest> {
  const { template, secret, receiptSecret } = settings
  const { request } = template
  // Who signs the body needs no key in the URL, and some take no query there.
  const receiptUrl =
    template.receipts && !template.signature
      ? await keyedReceiptUrl(message.receiptUrl, message.ref, receiptSecret)
      : message.receiptUrl
  const now = settings.ports.now()
  const values = placeholderValues(message, request, {
    ...{ receiptUrl, secret, token, now },
    shortRef: await shortRefOf(message.ref),
  })
  const body = fillBody(request, values)
  const signature = signing
    ? await signRequest(signing.rule, signing.key, { ...values, body })
    : undefined
  return {
    method: 'POST',
    url: fillUrl(request.url, values, settings.baseUrl),
    headers: { ...ownHeaders(request, values), ...fillHeaders(request, { ...values, signature }) },
    body,
  }
}

/** For APIs that take no reference as long as ours: what is made of it, 26 of `[0-9a-z]`. It opens nothing. */
async function shortRefOf(ref: string): Promise<string> {
  return (await deriveId('rcp', ref)).replace('rcp_', '')
}

type Request = HttpTemplate['request']

function ownHeaders({ json, form, basic_auth }: Request, values: PlaceholderValues) {
  const fill = (pattern: NonNullable<Request['basic_auth']>['user']) =>
    fillPattern(pattern, values, (value) => value) ?? ''
  return {
    accept: 'application/json',
    ...(json && { 'content-type': 'application/json' }),
    ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(basic_auth && {
      authorization: basicAuthorization(fill(basic_auth.user), fill(basic_auth.password)),
    }),
  }
}

function fillHeaders({ headers }: Request, values: PlaceholderValues): Record<string, string> {
  const filled: Record<string, string> = {}
  for (const [name, pattern] of Object.entries(headers)) {
    const value = fillPattern(pattern, values, (text) => text.replace(/[^\x20-\x7e]/g, ''))
    if (value !== undefined) filled[name] = value
  }
  return filled
}

function fillBody({ json, form }: Request, values: PlaceholderValues): string {
  if (json) return fillJson(json, values)
  return form ? fillForm(form, values) : ''
}

function readResponse(response: ProviderResponse, template: HttpTemplate): SendOutcome {
  const body = template.answer
    ? readTextAnswer(template.answer, response.body)
    : parseJson(response.body)
  const { accepted, message_id, segments, errors } = template
  const code = firstTokenAt(body, errors?.code ?? [], LONGEST_CODE)
  const refused = () => refusal(response, code, errors?.classes ?? new Map())
  if (!isSuccess(response)) return refused()

  const id = tokenAt(body, message_id, LONGEST_ID)
  if (id !== undefined && isAccepted(response.status, body, accepted)) {
    const count = scalarAt(body, segments) ?? ''
    const isCount = /^[1-9]\d{0,2}$/.test(count)
    return {
      class: 'accepted',
      providerMessageId: id,
      ...(isCount ? { segments: Number(count) } : {}),
    }
  }
  // Described neither as acceptance nor as a refusal: it may be on its way.
  return code === undefined ? UNREADABLE : refused()
}

function isAccepted(status: number, body: unknown, rule: HttpTemplate['accepted']): boolean {
  if (status < rule.status.first || status > rule.status.last) return false
  if (rule.pointer === undefined) return true
  const value = scalarAt(body, rule.pointer)
  return value !== undefined && rule.values?.has(value) === true
}
