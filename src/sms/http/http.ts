// Any SMS API that takes a JSON or form POST and answers in JSON or a line of text, described by a template: a local
// aggregator needs no code. This file puts the adapter together and writes the request.

import { utf8 } from '../../lib/base64.ts'
import { deriveId } from '../../lib/ids.ts'
import { err } from '../../lib/result.ts'
import { basicAuthorization } from '../endpoint.ts'
import { keyedReceiptUrl } from '../keyed-callback.ts'
import type { OutboundMessage, ProviderPorts, ProviderRequest, SmsAdapter } from '../provider.ts'
import { tokenSource } from './access-token.ts'
import { readResponse } from './answer.ts'
import { fillForm, fillJson } from './body.ts'
import { type HttpCallbackKey, readHttpInbound, readHttpReceipts } from './callbacks.ts'
import { fillPattern, type PlaceholderValues, placeholderValues } from './placeholders.ts'
import { signingKey, signRequest } from './sign.ts'
import type { HttpTemplate } from './template.ts'
import type { SignRule } from './template-request.ts'
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
