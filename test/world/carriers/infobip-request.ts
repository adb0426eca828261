// Reads the body of Infobip's POST /sms/3/messages: what is to be sent, and every field that breaks
// the API's rules. Total: any JSON value gives drafts or violations.

import { isHttpUrl, isRecord, textField } from '../json.ts'

export type InfobipDraft = {
  readonly sender: string
  /** Digits only. */
  readonly to: string
  readonly text: string
  readonly messageId: string | null
  readonly validitySeconds: number | null
  readonly receiptUrl: string | null
  readonly wantsIntermediateReceipts: boolean
  readonly callbackData: string | null
}

export type InfobipReading = {
  readonly drafts: readonly InfobipDraft[]
  readonly violations: readonly { readonly property: string; readonly violation: string }[]
  readonly countWanted: boolean
}

type Fields = Readonly<Record<string, unknown>>

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { SECONDS: 1, MINUTES: 60, HOURS: 3600 }
/** The vendor silently cuts longer periods to this. */
const MAX_VALIDITY_SECONDS = 48 * 3600

export function readInfobipRequest(body: unknown): InfobipReading {
  const violations: { property: string; violation: string }[] = []
  const complain = (property: string, violation: string) =>
    void violations.push({ property, violation })
  const known = (path: string, value: unknown, names: readonly string[]): Fields => {
    if (!isRecord(value)) {
      complain(path, 'must be an object')
      return {}
    }
    for (const name of Object.keys(value)) {
      if (!names.includes(name)) complain(`${path}.${name}`, 'unknown field')
    }
    return value
  }

  const root = known('request', body, ['messages', 'options'])
  const options =
    root.options === undefined
      ? {}
      : known('options', root.options, [
          'schedule',
          'tracking',
          'includeSmsCountInResponse',
          'conversionTracking',
        ])
  const messages: readonly unknown[] = Array.isArray(root.messages) ? root.messages : []
  if (messages.length === 0) complain('messages', 'must not be empty')

  const drafts = messages.flatMap((entry, index) => {
    const path = `messages[${index}]`
    const message = known(path, entry, ['sender', 'destinations', 'content', 'options', 'webhooks'])
    const sender = textField(message, 'sender') ?? ''
    if (!/^(\d{3,16}|(?=.*[A-Za-z])[ -~]{3,13})$/.test(sender)) {
      complain(`${path}.sender`, 'must be 3 to 16 digits or a name of 3 to 13 characters')
    }
    const content = known(`${path}.content`, message.content, [
      'text',
      'transliteration',
      'language',
    ])
    const text = textField(content, 'text') ?? ''
    if (text === '') complain(`${path}.content.text`, 'must not be blank')
    const validitySeconds = readValidity(path, message.options, known, complain)
    const webhooks = readWebhooks(path, message.webhooks, known, complain)

    const destinations: readonly unknown[] = Array.isArray(message.destinations)
      ? message.destinations
      : []
    if (destinations.length === 0) complain(`${path}.destinations`, 'must not be empty')
    return destinations.map((value, at): InfobipDraft => {
      const where = `${path}.destinations[${at}]`
      const destination = known(where, value, ['to', 'messageId', 'networkId'])
      const to = textField(destination, 'to') ?? ''
      if (!/^[1-9]\d{6,14}$/.test(to)) complain(`${where}.to`, 'must be digits in E.164 order')
      const messageId = textField(destination, 'messageId')
      if ('messageId' in destination && !/^[ -~]{1,200}$/.test(messageId ?? '')) {
        complain(`${where}.messageId`, 'must have 1 to 200 characters')
      }
      return { sender, to, text, messageId, validitySeconds, ...webhooks }
    })
  })
  return { drafts, violations, countWanted: options.includeSmsCountInResponse === true }
}

type Known = (path: string, value: unknown, names: readonly string[]) => Fields
type Complain = (property: string, violation: string) => void

function readValidity(path: string, value: unknown, known: Known, complain: Complain) {
  if (value === undefined) return null
  const options = known(`${path}.options`, value, [
    'platform',
    'validityPeriod',
    'deliveryTimeWindow',
    'campaignReferenceId',
    'regional',
    'flash',
  ])
  if (options.validityPeriod === undefined) return null
  const where = `${path}.options.validityPeriod`
  const { amount, timeUnit } = known(where, options.validityPeriod, ['amount', 'timeUnit'])
  const unit = typeof timeUnit === 'string' ? SECONDS_PER_UNIT[timeUnit] : undefined
  if (unit === undefined) complain(`${where}.timeUnit`, 'must be SECONDS, MINUTES or HOURS')
  if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 1) {
    complain(`${where}.amount`, 'must be a positive whole number')
    return null
  }
  return unit === undefined ? null : Math.min(amount * unit, MAX_VALIDITY_SECONDS)
}

function readWebhooks(path: string, value: unknown, known: Known, complain: Complain) {
  const none = { receiptUrl: null, wantsIntermediateReceipts: false, callbackData: null }
  if (value === undefined) return none
  const where = `${path}.webhooks`
  const webhooks = known(where, value, ['delivery', 'contentType', 'callbackData'])
  const callbackData = textField(webhooks, 'callbackData')
  if ('callbackData' in webhooks && (callbackData === null || callbackData.length > 4000)) {
    complain(`${where}.callbackData`, 'must be a text of at most 4000 characters')
  }
  if ('contentType' in webhooks && webhooks.contentType !== 'application/json') {
    complain(`${where}.contentType`, 'this carrier only sends application/json')
  }
  if (webhooks.delivery === undefined) return { ...none, callbackData }
  const delivery = known(`${where}.delivery`, webhooks.delivery, [
    'url',
    'intermediateReport',
    'notify',
  ])
  const url = textField(delivery, 'url')
  if ('url' in delivery && !isHttpUrl(url ?? '')) {
    complain(`${where}.delivery.url`, 'must be a URL')
  }
  for (const name of ['intermediateReport', 'notify']) {
    if (name in delivery && typeof delivery[name] !== 'boolean') {
      complain(`${where}.delivery.${name}`, 'must be a boolean')
    }
  }
  return {
    receiptUrl: delivery.notify === false ? null : url,
    wantsIntermediateReceipts: delivery.intermediateReport === true,
    callbackData,
  }
}
