// SMS_PROVIDERS → adapters, in order of preference. Every setting a named provider lacks is reported;
// settings of providers that are not named are ignored.

import {
  readBaseUrl,
  readList,
  readText,
  type SettingProblem,
  type Settings,
} from '../../settings.ts'
import { infobip } from './infobip.ts'
import type { SmsProvider } from './provider.ts'
import { sandbox } from './sandbox.ts'
import { TWILIO_BASE_URL, twilio } from './twilio.ts'
import { VONAGE_BASE_URL, vonage } from './vonage.ts'

type Configure = (settings: Settings, problems: SettingProblem[]) => SmsProvider

const CONFIGURE: ReadonlyMap<string, Configure> = new Map<string, Configure>([
  ['twilio', configureTwilio],
  ['infobip', configureInfobip],
  ['vonage', configureVonage],
  ['sandbox', () => sandbox()],
])

export function configureProviders(
  settings: Settings,
  problems: SettingProblem[],
): readonly SmsProvider[] {
  const providers: SmsProvider[] = []
  for (const name of new Set(readList(settings, 'SMS_PROVIDERS', problems))) {
    const configure = CONFIGURE.get(name)
    if (configure) providers.push(configure(settings, problems))
    else {
      const known = [...CONFIGURE.keys()].join(', ')
      problems.push({ setting: 'SMS_PROVIDERS', problem: `must hold only: ${known}` })
    }
  }
  return providers
}

function configureTwilio(settings: Settings, problems: SettingProblem[]): SmsProvider {
  return twilio({
    accountSid: readText(settings, 'TWILIO_ACCOUNT_SID', problems),
    authToken: readText(settings, 'TWILIO_AUTH_TOKEN', problems),
    from: readText(settings, 'TWILIO_FROM', problems),
    baseUrl: readBaseUrl(settings, 'TWILIO_BASE_URL', problems) ?? TWILIO_BASE_URL,
  })
}

function configureInfobip(settings: Settings, problems: SettingProblem[]): SmsProvider {
  readText(settings, 'INFOBIP_BASE_URL', problems)
  return infobip({
    baseUrl: readBaseUrl(settings, 'INFOBIP_BASE_URL', problems) ?? '',
    apiKey: readText(settings, 'INFOBIP_API_KEY', problems),
    from: readText(settings, 'INFOBIP_FROM', problems),
    receiptSecret: readText(settings, 'INFOBIP_RECEIPT_SECRET', problems),
  })
}

function configureVonage(settings: Settings, problems: SettingProblem[]): SmsProvider {
  return vonage({
    apiKey: readText(settings, 'VONAGE_API_KEY', problems),
    apiSecret: readText(settings, 'VONAGE_API_SECRET', problems),
    signatureSecret: readText(settings, 'VONAGE_SIGNATURE_SECRET', problems),
    from: readText(settings, 'VONAGE_FROM', problems),
    baseUrl: readBaseUrl(settings, 'VONAGE_BASE_URL', problems) ?? VONAGE_BASE_URL,
  })
}
