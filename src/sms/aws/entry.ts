// AWS in the registry: its settings, and the adapter made of them.

import { listOf, optional, text, textLike, url } from '../../lib/setting-kinds.ts'
import { setting } from '../../lib/settings.ts'
import { defineProvider } from '../define-provider.ts'
import { aws } from './aws.ts'
import { parseTopicArn } from './sns-host.ts'

// It becomes a part of a host name, and of every signature.
const region = textLike(
  (name) => /^[a-z]{2,3}(-[a-z]+){1,3}-\d$/.test(name),
  'must be a region like eu-west-1',
)
const configurationSet = textLike(
  (name) => /^[\w:/-]{1,256}$/.test(name),
  'must be a name or an ARN',
)
const topicArns = listOf(
  (arn) => parseTopicArn(arn) !== null,
  'must hold ARNs like arn:aws:sns:eu-west-1:123456789012:sms-events',
)

const HOW_TO = '[How to set it up](docs/operations.md#receipts-and-replies-of-aws)'

export const awsEntry = defineProvider({
  label: 'AWS End User Messaging',
  inbound: { where: 'an SNS topic, next section' },
  settings: {
    accessKeyId: setting('AWS_ACCESS_KEY_ID', text, {
      help: 'of a user who is allowed `sms-voice:SendTextMessage`',
    }),
    secretAccessKey: setting('AWS_SECRET_ACCESS_KEY', text, {
      help: "the key's secret",
      isSecret: true,
    }),
    region: setting('AWS_REGION', region, { help: 'like `eu-west-1`' }),
    originationIdentity: setting('AWS_SMS_ORIGINATION_IDENTITY', text, {
      help: 'a number, sender name or pool, or the ARN of one',
    }),
    topicArns: setting('AWS_SNS_TOPIC_ARNS', optional(topicArns), {
      help: `list of SNS topics whose messages are believed; on its own: replies only. ${HOW_TO}`,
    }),
    configurationSet: setting('AWS_CONFIGURATION_SET', optional(configurationSet), {
      help: 'name or ARN of the set to send with; together with a topic: receipts',
    }),
    baseUrl: setting('AWS_BASE_URL', optional(url), {
      help: "another origin in place of AWS's, also trusted for SNS's certificates",
    }),
  },
  make: ({ topicArns = [], ...values }, ports) => aws({ ...values, topicArns, ...ports }),
})
