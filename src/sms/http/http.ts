// Any SMS API that takes a JSON or form POST and answers in JSON, described by a template: a local
// aggregator needs no code. What the template does not say is not guessed: an answer that is not
// described as acceptance is none.

import { utf8 } from '../../lib/base64.ts'
import { parseJson } from '../../lib/json.ts'
import { err } from '../../lib/result.ts'
import { basicAuthorization } from '../endpoint.ts'
import { LONGEST_CODE, LONGEST_ID, scalarAt, tokenAt } from '../json-pointer.ts'
import { keyedReceiptUrl } from '../keyed-callback.ts'
import type {
  OutboundMessage,
  ProviderRequest,
  ProviderResponse,
  SendOutcome,
  SmsAdapter,
} from '../provider.ts'
import { isSuccess, refusal, UNREADABLE } from '../refusal.ts'
import { fillForm, fillJson } from './body.ts'
import { type HttpCallbackKey, readHttpInbound, readHttpReceipts } from './callbacks.ts'
import { fillPattern, type PlaceholderValues, placeholderValues } from './placeholders.ts'
import type { HttpTemplate } from './template.ts'
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
  /** Epoch milliseconds. */
  readonly now: () => number
}

export function httpProvider(settings: HttpSettings): SmsAdapter {
  const { template } = settings
  const { receipts, inbound, signature } = template
  const key: HttpCallbackKey = {
    signature,
    secret: settings.receiptSecret,
    secretBytes: utf8(settings.receiptSecret),
  }
  return {
    defaultSender: settings.from,
    hasReceipts: receipts !== undefined,
    buildRequest: (message) => buildRequest(message, settings),
    readResponse: (response) => readResponse(response, template),
    readReceipts: async (callback, now) =>
      receipts
        ? readHttpReceipts(callback, receipts, key, { now, sendClasses: template.errors?.classes })
        : err({ reason: 'unsigned' }),
    readInbound: async (callback, now) =>
      inbound ? readHttpInbound(callback, inbound, key, now) : err({ reason: 'unsigned' }),
  }
}

async function buildRequest(
  message: OutboundMessage,
  settings: HttpSettings,
): Promise<ProviderRequest> {
  const { template, secret, receiptSecret } = settings
  const { request } = template
  // Who signs the body needs no key in the URL, and some take no query there.
  const receiptUrl =
    template.receipts && !template.signature
      ? await keyedReceiptUrl(message.receiptUrl, message.ref, receiptSecret)
      : message.receiptUrl
  const values = placeholderValues(message, request, { receiptUrl, secret, now: settings.now() })
  return {
    method: 'POST',
    url: fillUrl(request.url, values, settings.baseUrl),
    headers: { ...ownHeaders(request, values), ...fillHeaders(request, values) },
    body: fillBody(request, values),
  }
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
  const body = parseJson(response.body)
  const { accepted, message_id, segments, errors } = template
  const code = tokenAt(body, errors?.code, LONGEST_CODE)
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
