// README's table of how much of a login an SMS tells, by the account's id: a longer id is a longer link. Pure;
// made by composing the texts, in every language.

import { composeAlert } from '../../src/alert/compose.ts'
import type { AlertFacts } from '../../src/alert/facts.ts'
import type { Encoding } from '../../src/alert/segments.ts'
import { lockUrl } from '../../src/lock/link.ts'
import { packFacts } from '../../src/lock/link-facts.ts'
import { LANGUAGES } from '../../src/words/languages.ts'
import { PART_LABELS } from './part-names.ts'

const IDS: readonly (readonly [name: string, id: string])[] = [
  ['8 digits', '10482113'],
  ['38 digits', '1048'.repeat(9) + '21'],
  ['a UUID in lower case', '3f2504e0-4f89-41d3-9a0c-0305e82c3301'],
  ['19 characters', 'user_2f9cK7pQ-1x:b.'],
  ['20 characters', 'user_2f9cK7pQ-1x:b.z'],
  ['40 characters', 'aB3-'.repeat(10)],
  ['64 characters', 'aB3-'.repeat(16)],
]

const OCCURRED_AT = Date.UTC(2026, 10, 23, 14, 3)
const SIGNATURE_LENGTH = 43
const RULES = { hasLink: true, canReply: true, isNameBarred: false }

/** With everything that an alert can tell of a login that is not in a data centre. */
const LOGIN: Omit<AlertFacts, 'lockUrl'> = {
  exchangeName: 'BitEx',
  alertNumber: 1_234,
  occurredAt: OCCURRED_AT,
  country: 'DE',
  city: 'Frankfurt',
  hosting: null,
  reserved: null,
  ipTail: '13.77',
  browser: 'Chrome',
  os: 'Windows',
  deviceName: 'iPhone 15',
  isParallel: false,
  phrase: 'blue heron',
  replyCode: '7K3Q',
  typedCode: '7K3Q M2WX',
  mergedNumbers: [1_234],
  isMixed: false,
  isNewCountry: false,
  isNewDevice: false,
  holdUntil: null,
}

export function whatFitsTable(): string {
  const rows = IDS.map(([name, id]) => {
    const link = linkOf(id)
    const cells = [name, `${link.length}`, leftOut(link, 'GSM-7'), leftOut(link, 'UCS-2')]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| account id | link | left out in GSM-7 languages | left out in scripts of their own |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** As long as a real one: how it is signed does not change that. */
function linkOf(accountId: string): string {
  const claims = {
    accountId,
    alertNumber: LOGIN.alertNumber,
    expiresAtSeconds: OCCURRED_AT / 1_000,
  }
  const token = `${packFacts(claims)}.${'A'.repeat(SIGNATURE_LENGTH)}`
  return lockUrl('https://lock.example.com', token)
}

function leftOut(link: string, encoding: Encoding): string {
  const languages = LANGUAGES.filter((language) => language.encoding === encoding)
  const texts = languages.map((language) => ({
    ...composeAlert({ ...LOGIN, lockUrl: link }, RULES, language),
    tag: language.tag,
  }))
  const english = texts.filter(({ language, tag }) => language !== tag).length
  const parts = Object.entries(PART_LABELS).flatMap(([part, said]) => {
    const count = texts.filter(({ dropped }) => dropped.some((name) => name === part)).length
    return count === 0 ? [] : [{ said, isAlways: count === texts.length }]
  })
  const always = parts.filter(({ isAlways }) => isAlways).map(({ said }) => said)
  const sometimes = parts.filter(({ isAlways }) => !isAlways).map(({ said }) => said)
  const cell = [
    ...(english > 0 ? [english === texts.length ? 'in English' : 'some in English'] : []),
    always.join(', ') || (sometimes.length > 0 ? '' : 'nothing'),
    ...(sometimes.length > 0 ? [`in some languages ${sometimes.join(', ')}`] : []),
  ]
  return cell.filter((text) => text !== '').join('; ')
}
