// SMS_SENDERS: whom a provider's texts come from, per dial code. A sender named there has been registered
// by the operator, so no registration is asked of it again. Parser total; choosing is pure.

import * as v from 'valibot'
import { parseJsonSetting } from '../lib/json.ts'
import { findByLongestPrefix } from '../lib/longest-prefix.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { readBy } from '../lib/setting-kinds.ts'
import { setting } from '../lib/settings.ts'
import type { MessageTemplate } from '../sms/provider.ts'
import type { ProviderName } from '../sms/registry.ts'
import { LANGUAGES } from '../words/languages.ts'
import {
  LAST_RESORTS,
  REGISTERED_ALERTS,
  REGISTERED_NOTICES,
  registeredName,
} from './registered-texts.ts'
import { makeSender, type Sender } from './sender.ts'
import { type Destination, senderStanding } from './sender-rules.ts'
import type { Standing } from './standing.ts'

/** Dial-code prefix (`+91`) → provider → its sender there. */
export type SmsSenders = ReadonlyMap<string, ReadonlyMap<string, Sender>>

const From = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))

const SendersSchema = v.record(
  v.pipe(v.string(), v.regex(/^\+[1-9]\d{0,14}$/)),
  v.record(
    v.string(),
    v.union([
      From,
      v.strictObject({
        from: From,
        template_id: v.optional(From),
        template_ids: v.optional(v.record(v.string(), From)),
        entity_id: v.optional(From),
      }),
    ]),
  ),
)

/** Only providers of SMS_PROVIDERS may be named. Absent means every provider has one sender. */
export function parseSenders(
  setting: unknown,
  configured: readonly ProviderName[],
): Result<SmsSenders, string> {
  if (setting === undefined || setting === '') return ok(new Map())
  const parsed = v.safeParse(SendersSchema, parseJsonSetting(setting))
  if (!parsed.success) return err(`must be JSON like ${EXAMPLE}`)
  const senders = new Map<string, ReadonlyMap<string, Sender>>()
  for (const [prefix, byProvider] of Object.entries(parsed.output)) {
    const unknown = Object.keys(byProvider).find((name) => !configured.some((one) => one === name))
    if (unknown !== undefined) return err('names a provider that is not in SMS_PROVIDERS')
    for (const [name, value] of Object.entries(byProvider)) {
      const fault = typeof value === 'string' ? null : faultOf(prefix, name, value)
      if (fault !== null) return err(`${prefix} ${name} ${fault}`)
    }
    const entries = Object.entries(byProvider).map(([name, value]): [string, Sender] => [
      name,
      typeof value === 'string' ? makeSender(value) : makeSender(value.from, registeredOf(value)),
    ])
    senders.set(prefix, new Map(entries))
  }
  return ok(senders)
}

const EXAMPLE =
  '{"+1":{"twilio":"+12025550100"},"+91":{"infobip":{"from":"LOCKLN","template_id":"1","entity_id":"2"}}}'

type SenderSetting = Exclude<v.InferOutput<typeof SendersSchema>[string][string], string>

function faultOf(prefix: string, provider: string, value: SenderSetting): string | null {
  const { template_id, template_ids, entity_id } = value
  const hasTemplate = template_id !== undefined || template_ids !== undefined
  // SMS API v3, `regional.indiaDlt`.
  if (provider === 'infobip' && hasTemplate && entity_id === undefined) {
    return `has a ${template_ids ? 'template_ids' : 'template_id'} and no entity_id`
  }
  if (template_ids === undefined) return null
  if (template_id !== undefined) return 'has a template_id and template_ids: one of them'
  // The texts are written for a country that bans links, whose senders cannot be answered.
  if (!prefix.startsWith(INDIA)) return `has template_ids, which are of ${INDIA} alone`
  const unknown = Object.keys(template_ids).find((name) => !REGISTERED_NAMES.has(name))
  if (unknown !== undefined) {
    return `template_ids names “${unknown}”, which is no text of ours; npm run templates prints them`
  }
  const missing = LAST_RESORTS.map((name) => registeredName('en', name)).find(
    (name) => template_ids[name] === undefined,
  )
  return missing === undefined
    ? null
    : `template_ids lacks “${missing}”, without which some alerts could not be told`
}

const INDIA = '+91'

const REGISTERED_NAMES: ReadonlySet<string> = new Set(
  LANGUAGES.flatMap(({ tag }) =>
    [...REGISTERED_ALERTS.map(({ name }) => name), ...REGISTERED_NOTICES].map((name) =>
      registeredName(tag, name),
    ),
  ),
)

function registeredOf(value: SenderSetting): Pick<Sender, 'template' | 'templates'> {
  const { template_id, template_ids, entity_id } = value
  const templateOf = (templateId: string): MessageTemplate => ({
    templateId,
    ...(entity_id === undefined ? {} : { entityId: entity_id }),
  })
  if (template_id !== undefined) return { template: templateOf(template_id) }
  if (template_ids === undefined) return {}
  const entries = Object.entries(template_ids).map(([name, id]): [string, MessageTemplate] => [
    name,
    templateOf(id),
  ])
  return { templates: new Map(entries) }
}

/** Read against the names in SMS_PROVIDERS. */
export const SENDER_SETTINGS = {
  senders: setting('SMS_SENDERS', readBy(parseSenders), {
    help: 'JSON, dial prefix → provider → sender registered there: `{"+1":{"twilio":"+12025550100"},"+91":{"infobip":{"from":"LOCKLN","template_id":"…","entity_id":"…"}}}`; the longest prefix wins, else the provider\'s own. For India `template_ids` takes an id for each text instead, `{"en login, bare":"…"}`: [which, and what goes out without](docs/coverage.md#dated-rules). Name here whatever is registered, your 10DLC or toll-free number of +1 too: what is not named counts as unregistered, [comes last or is not used](docs/coverage.md#dated-rules)',
  }),
}

export type ChosenSender = { readonly sender: Sender; readonly standing: Standing }

/** The sender of the longest prefix, else the provider's own; and how it stands with the carriers there at `now`. */
export function chooseSender(
  senders: SmsSenders,
  provider: { readonly name: ProviderName; readonly defaultSender: string },
  to: Destination,
  now: number,
): ChosenSender {
  const named = findByLongestPrefix(to.e164, (prefix) => senders.get(prefix)?.get(provider.name))
  const sender = named ?? makeSender(provider.defaultSender)
  const use = { provider: provider.name, isRegistered: named !== undefined, now }
  const standing = senderStanding(sender, to, use)
  return {
    sender: standing === 'converted' ? { ...sender, canReceive: false } : sender,
    standing,
  }
}
