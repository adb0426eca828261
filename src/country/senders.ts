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
      v.strictObject({ from: From, template_id: v.optional(From), entity_id: v.optional(From) }),
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
    const half = Object.entries(byProvider).find(([name, value]) => lacksEntity(name, value))
    if (half !== undefined) return err(`${prefix} infobip has a template_id and no entity_id`)
    const entries = Object.entries(byProvider).map(([name, value]): [string, Sender] => [
      name,
      typeof value === 'string' ? makeSender(value) : makeSender(value.from, templateOf(value)),
    ])
    senders.set(prefix, new Map(entries))
  }
  return ok(senders)
}

const EXAMPLE =
  '{"+1":{"twilio":"+12025550100"},"+91":{"infobip":{"from":"LOCKLN","template_id":"1","entity_id":"2"}}}'

type SenderSetting = v.InferOutput<typeof SendersSchema>[string][string]

/** Infobip takes a template only with the principal's id (SMS API v3, `regional.indiaDlt`). */
function lacksEntity(provider: string, value: SenderSetting): boolean {
  if (provider !== 'infobip' || typeof value === 'string') return false
  return value.template_id !== undefined && value.entity_id === undefined
}

function templateOf(value: {
  readonly template_id?: string | undefined
  readonly entity_id?: string | undefined
}): MessageTemplate | undefined {
  if (value.template_id === undefined) return undefined
  return {
    templateId: value.template_id,
    ...(value.entity_id === undefined ? {} : { entityId: value.entity_id }),
  }
}

/** Read against the names in SMS_PROVIDERS. */
export const SENDER_SETTINGS = {
  senders: setting('SMS_SENDERS', readBy(parseSenders), {
    help: 'JSON, dial prefix → provider → sender registered there: `{"+1":{"twilio":"+12025550100"},"+91":{"infobip":{"from":"LOCKLN","template_id":"…","entity_id":"…"}}}`; the longest prefix wins, else the provider\'s own. Name here whatever is registered, your 10DLC or toll-free number of +1 too: what is not named counts as unregistered, [comes last or is not used](docs/coverage.md#dated-rules)',
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
