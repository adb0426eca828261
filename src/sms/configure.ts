// SMS_PROVIDERS → adapters, in order of preference. Every setting a named provider lacks is reported;
// settings of providers that are not named are ignored.

import type { Ports } from '../lib/ports.ts'
import {
  readBaseUrl,
  readList,
  readOptional,
  readText,
  type SettingProblem,
  type Settings,
} from '../lib/settings.ts'
import { aws } from './aws/aws.ts'
import { parseTopicArn } from './aws/sns-host.ts'
import { httpProvider } from './http/http.ts'
import { readHttpSettings } from './http/settings.ts'
import { infobip } from './infobip/infobip.ts'
import type { SmsProvider } from './provider.ts'
import { sandbox } from './sandbox/sandbox.ts'
import { SINCH_BASE_URL, sinch } from './sinch/sinch.ts'
import { parseTelnyxPublicKey } from './telnyx/signature.ts'
import { TELNYX_BASE_URL, telnyx } from './telnyx/telnyx.ts'
import { TWILIO_BASE_URL, twilio } from './twilio/twilio.ts'
import { VONAGE_BASE_URL, vonage } from './vonage/vonage.ts'

/** Some write instants into their requests; Amazon's signatures need a certificate fetched. */
export type ProviderPorts = Pick<Ports, 'now' | 'after' | 'fetch'>

type Configure = (
  settings: Settings,
  problems: SettingProblem[],
  ports: ProviderPorts,
) => SmsProvider

const CONFIGURE: ReadonlyMap<string, Configure> = new Map<string, Configure>([
  ['twilio', configureTwilio],
  ['infobip', configureInfobip],
  ['vonage', configureVonage],
  ['sinch', configureSinch],
  ['telnyx', configureTelnyx],
  ['aws', configureAws],
  ['http', configureHttp],
  ['sandbox', () => sandbox()],
])

export function configureProviders(
  settings: Settings,
  problems: SettingProblem[],
  ports: ProviderPorts,
): readonly SmsProvider[] {
  const providers: SmsProvider[] = []
  for (const name of new Set(readList(settings, 'SMS_PROVIDERS', problems))) {
    const configure = CONFIGURE.get(name)
    if (configure) providers.push(configure(settings, problems, ports))
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

function configureSinch(
  settings: Settings,
  problems: SettingProblem[],
  { now }: ProviderPorts,
): SmsProvider {
  return sinch({
    servicePlanId: readText(settings, 'SINCH_SERVICE_PLAN_ID', problems),
    apiToken: readText(settings, 'SINCH_API_TOKEN', problems),
    callbackSecret: readText(settings, 'SINCH_CALLBACK_SECRET', problems),
    from: readText(settings, 'SINCH_FROM', problems),
    baseUrl: readBaseUrl(settings, 'SINCH_BASE_URL', problems) ?? SINCH_BASE_URL,
    now,
  })
}

function configureTelnyx(settings: Settings, problems: SettingProblem[]): SmsProvider {
  const publicKey = readText(settings, 'TELNYX_PUBLIC_KEY', problems)
  if (publicKey !== '' && parseTelnyxPublicKey(publicKey) === null) {
    const problem = 'must be the base64 public key of 32 bytes'
    problems.push({ setting: 'TELNYX_PUBLIC_KEY', problem })
  }
  return telnyx({
    apiKey: readText(settings, 'TELNYX_API_KEY', problems),
    publicKey,
    from: readText(settings, 'TELNYX_FROM', problems),
    messagingProfileId: readOptional(settings, 'TELNYX_MESSAGING_PROFILE_ID'),
    baseUrl: readBaseUrl(settings, 'TELNYX_BASE_URL', problems) ?? TELNYX_BASE_URL,
  })
}

function configureAws(
  settings: Settings,
  problems: SettingProblem[],
  ports: ProviderPorts,
): SmsProvider {
  const region = readText(settings, 'AWS_REGION', problems)
  // It becomes a part of a host name, and of every signature.
  if (region !== '' && !/^[a-z]{2,3}(-[a-z]+){1,3}-\d$/.test(region)) {
    problems.push({ setting: 'AWS_REGION', problem: 'must be a region like eu-west-1' })
  }
  const configurationSet = readOptional(settings, 'AWS_CONFIGURATION_SET')
  if (configurationSet !== undefined && !/^[\w:/-]{1,256}$/.test(configurationSet)) {
    problems.push({ setting: 'AWS_CONFIGURATION_SET', problem: 'must be a name or an ARN' })
  }
  const topicArns = readOptional(settings, 'AWS_SNS_TOPIC_ARNS')?.split(/\s+/) ?? []
  if (topicArns.some((arn) => parseTopicArn(arn) === null)) {
    const problem = 'must hold ARNs like arn:aws:sns:eu-west-1:123456789012:sms-events'
    problems.push({ setting: 'AWS_SNS_TOPIC_ARNS', problem })
  }
  return aws({
    accessKeyId: readText(settings, 'AWS_ACCESS_KEY_ID', problems),
    secretAccessKey: readText(settings, 'AWS_SECRET_ACCESS_KEY', problems),
    region,
    originationIdentity: readText(settings, 'AWS_SMS_ORIGINATION_IDENTITY', problems),
    configurationSet,
    topicArns,
    baseUrl: readBaseUrl(settings, 'AWS_BASE_URL', problems),
    ...ports,
  })
}

function configureHttp(
  settings: Settings,
  problems: SettingProblem[],
  { now }: ProviderPorts,
): SmsProvider {
  const http = readHttpSettings(settings, problems)
  // Without a template it is only a name, so that routes that have it are not called wrong too.
  return http === null ? { ...sandbox(), name: 'http' } : httpProvider({ ...http, now })
}
