// The settings HTTP_*: the template, and the secrets that are kept out of it. Asks only for those the
// template needs.

import { readBaseUrl, readText, type SettingProblem, type Settings } from '../../lib/settings.ts'
import { placeholdersOf } from './body.ts'
import type { HttpSettings } from './http.ts'
import { type HttpTemplate, parseHttpTemplate, usedPlaceholders } from './template.ts'

/** The keys of callback URLs are made of it, and whoever has one URL could try out short secrets. */
const KEYING_SECRET_MIN_LENGTH = 16

/** Null where there is no template to work with; the problems say why. */
export function readHttpSettings(
  settings: Settings,
  problems: SettingProblem[],
): Omit<HttpSettings, 'now'> | null {
  const setting = 'HTTP_TEMPLATE'
  const from = readText(settings, 'HTTP_FROM', problems)
  const baseUrl = readBaseUrl(settings, 'HTTP_BASE_URL', problems)
  const text = settings[setting]
  if (text === undefined || text === null || text === '') {
    problems.push({ setting, problem: 'is missing' })
    return null
  }
  const template = parseHttpTemplate(text)
  if (!template.ok) {
    problems.push(...template.error.map((problem) => ({ setting, problem })))
    return null
  }
  return {
    template: template.value,
    from,
    secret: readSecret(settings, template.value, problems),
    receiptSecret: readReceiptSecret(settings, template.value, problems),
    baseUrl,
  }
}

function readSecret(
  settings: Settings,
  { request }: HttpTemplate,
  problems: SettingProblem[],
): string {
  const setting = 'HTTP_SECRET'
  if (!usedPlaceholders(request).has('secret')) return ''
  const secret = readText(settings, setting, problems)
  const isInHeader = Object.values(request.headers).flatMap(placeholdersOf).includes('secret')
  if (isInHeader && !/^[\x20-\x7e]*$/.test(secret)) {
    problems.push({ setting, problem: 'must be printable ASCII: it stands in a header' })
  }
  return secret
}

function readReceiptSecret(
  settings: Settings,
  { receipts, inbound, signature }: HttpTemplate,
  problems: SettingProblem[],
): string {
  const setting = 'HTTP_RECEIPT_SECRET'
  if (!receipts && !inbound) return ''
  const secret = readText(settings, setting, problems)
  if (!signature && secret !== '' && secret.length < KEYING_SECRET_MIN_LENGTH) {
    const problem = `must have ${KEYING_SECRET_MIN_LENGTH} characters or more`
    problems.push({ setting, problem })
  }
  return secret
}
