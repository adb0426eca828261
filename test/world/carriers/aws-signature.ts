// Whether a request carries a right AWS Signature Version 4 (docs.aws.amazon.com/IAM/latest/
// UserGuide/reference_sigv-create-signed-request.html), worked out from the request itself. For
// requests to `/` without a query only.

import { createHash, createHmac } from 'node:crypto'
import type { WireRequest } from '../carrier-protocol.ts'

export type AwsAccount = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
}

export type SignatureFault = { readonly type: string; readonly message: string }

export type SigningScope = {
  /** `YYYYMMDDThhmmssZ`, as in the header. */
  readonly amzDate: string
  readonly region: string
  readonly service: string
}

export const AWS_SMS_SERVICE = 'sms-voice'
const TOLERANCE_MS = 15 * 60_000

/** Null when the signature is right and at most 15 minutes old or early. */
export function signatureFault(
  account: AwsAccount,
  request: WireRequest,
  at: number,
): SignatureFault | null {
  const { authorization, 'x-amz-date': amzDate } = request.headers
  if (authorization === undefined) {
    return {
      type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    }
  }
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^\s,]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    )
  const sentAt = amzDate === undefined ? Number.NaN : parseAmzDate(amzDate)
  if (parts === null || amzDate === undefined || Number.isNaN(sentAt)) {
    const message = 'Authorization header requires Credential, SignedHeaders, Signature and a date.'
    return { type: 'IncompleteSignatureException', message }
  }
  const [, credential = '', signedHeaders = '', signature = ''] = parts
  const [accessKeyId, day, region, service, end, ...rest] = credential.split('/')
  const wrong = (message: string) => ({ type: 'InvalidSignatureException', message })

  if (accessKeyId !== account.accessKeyId) {
    const message = 'The security token included in the request is invalid.'
    return { type: 'UnrecognizedClientException', message }
  }
  if (end !== 'aws4_request' || rest.length > 0) {
    return wrong("Credential should be scoped with a valid terminator: 'aws4_request'.")
  }
  if (region !== account.region) return wrong('Credential should be scoped to a valid region.')
  if (service !== AWS_SMS_SERVICE) {
    return wrong(`Credential should be scoped to correct service: '${AWS_SMS_SERVICE}'.`)
  }
  if (day !== amzDate.slice(0, 8)) {
    return wrong('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.')
  }
  if (sentAt < at - TOLERANCE_MS) return wrong(`Signature expired: ${amzDate}`)
  if (sentAt > at + TOLERANCE_MS) return wrong(`Signature not yet current: ${amzDate}`)

  const names = signedHeaders.split(';')
  const mustBeSigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))
  const unsigned = ['host', ...mustBeSigned].filter((name) => !names.includes(name))
  if (unsigned.length > 0) {
    return wrong(`'${unsigned.join("', '")}' must be a signed header in the Authorization.`)
  }
  const isSorted = names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name)
  const scope = { amzDate, region, service }
  const right = signAwsRequest(account.secretAccessKey, scope, request, names)
  const claimed = request.headers['x-amz-content-sha256'] ?? sha256(request.body)
  if (!isSorted || signature !== right || claimed !== sha256(request.body)) {
    return wrong('The request signature we calculated does not match the signature you provided.')
  }
  return null
}

/** The signature in hex over these headers and the body of a request to `/` without a query. */
export function signAwsRequest(
  secretAccessKey: string,
  scope: SigningScope,
  request: Omit<WireRequest, 'target'>,
  signedHeaders: readonly string[],
): string {
  const { amzDate, region, service } = scope
  const day = amzDate.slice(0, 8)
  const headers = signedHeaders.map((name) => {
    const value = (request.headers[name] ?? '').trim().replaceAll(/ +/g, ' ')
    return `${name}:${value}\n`
  })
  const canonical = [
    request.method,
    '/',
    '',
    headers.join(''),
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n')
  const credentialScope = `${day}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', amzDate, credentialScope, sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce(
    (previous, part) => hmac(previous, part),
    Buffer.from(`AWS4${secretAccessKey}`, 'utf8'),
  )
  return hmac(key, toSign).toString('hex')
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}

/** Epoch milliseconds; NaN for anything but `YYYYMMDDThhmmssZ`. */
function parseAmzDate(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (match === null) return Number.NaN
  const [, year, month, day, hour, minute, second] = match
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
