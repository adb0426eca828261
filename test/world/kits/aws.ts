// AWS in the world: one topic, one configuration set. Texts come in by the topic only, when a test
// publishes one.

import { randomBytes, randomInt } from 'node:crypto'
import { carrierKit } from '../carrier-kit.ts'
import { createAwsProtocol } from '../carriers/aws.ts'

type Secrets = { readonly awsAccessKeyId: string; readonly awsSecretAccessKey: string }

const SENDER = '+12025550105'
const REGION = 'us-east-1'
const CONFIGURATION_SET = 'login-alerts'
export const AWS_SNS_TOPIC_ARN = `arn:aws:sns:${REGION}:123456789012:sms-events`

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export const awsKit = carrierKit<'aws', Secrets>({
  label: 'AWS',
  sender: SENDER,
  createSecrets: () => ({
    awsAccessKeyId: `AKIA${Array.from({ length: 16 }, () => BASE32[randomInt(32)]).join('')}`,
    awsSecretAccessKey: randomBytes(30).toString('base64'),
  }),
  createProtocol: (secrets, origin) =>
    createAwsProtocol(
      {
        accessKeyId: secrets.awsAccessKeyId,
        secretAccessKey: secrets.awsSecretAccessKey,
        region: REGION,
      },
      {
        configurationSet: CONFIGURATION_SET,
        topicArn: AWS_SNS_TOPIC_ARN,
        endpoint: () => `${origin()}/v1/receipts/aws/events`,
      },
    ),
  settings: (secrets, origin) => ({
    AWS_ACCESS_KEY_ID: secrets.awsAccessKeyId,
    AWS_SECRET_ACCESS_KEY: secrets.awsSecretAccessKey,
    AWS_REGION: REGION,
    AWS_SMS_ORIGINATION_IDENTITY: SENDER,
    AWS_CONFIGURATION_SET: CONFIGURATION_SET,
    AWS_SNS_TOPIC_ARNS: AWS_SNS_TOPIC_ARN,
    AWS_BASE_URL: origin,
  }),
})
