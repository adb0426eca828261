// Every provider that the demo does not show, each as the first provider of the real Worker:
// the simulated carriers are written from the vendors' documents, so the two sides meet on the wire only.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOwner, loginAndDeliver, readHistory } from '../support/owner.ts'
import { postReceipt } from '../support/receipts.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { EXTRA_CARRIER_NAMES } from '../world/carrier-kits.ts'
import {
  forgersKey,
  signSns,
  snsConfirmation,
  snsNotification,
  snsRequest,
} from '../world/carriers/aws-sns.ts'
import { AWS_SNS_TOPIC_ARN } from '../world/kits/aws.ts'

describe.each(EXTRA_CARRIER_NAMES)('%s', (name) => {
  let stage: Stage

  beforeAll(async () => {
    stage = await startTestStage({
      world: { carriers: [name, 'twilio'] },
    })
  })

  afterAll(() => stage.close())

  it('carries an alert to the phone, and it is known to be delivered', async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    await exchange.login({ account_id: owner.id })
    await phones.waitForMessage(owner.phone, () => true)
    const alert = await eventually('the last receipt', async () => {
      const { logins } = await readHistory(stage, owner)
      return logins[0]?.alert.state === 'delivered' ? logins[0].alert : null
    })
    expect(alert.attempts).toMatchObject([{ provider: name, state: 'delivered' }])
  })

  it.each(['500', 'garbage', 'rejected'] as const)(
    'is passed over when it answers %s',
    async (mode) => {
      const carrier = stage.world.extraCarriers[name]
      await carrier?.setMode(mode)
      const owner = await importOwner(stage)
      await loginAndDeliver(stage, owner)
      await carrier?.setMode('ok')
      const { logins } = await readHistory(stage, owner)
      expect(logins[0]?.alert.attempts.map((attempt) => attempt.provider).at(-1)).toBe('twilio')
    },
  )
})

describe('aws, by its SNS topic', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await startTestStage({
      world: { carriers: ['aws', 'twilio'] },
    })
  })

  afterAll(() => stage.close())

  const topic = () => ({
    topicArn: AWS_SNS_TOPIC_ARN,
    snsOrigin: stage.world.extraCarriers.aws?.origin ?? '',
  })
  const urlOf = (path: string) => stage.runtime.origin + path
  const links = () =>
    stage.world.extraCarriers.aws?.visits
      .entries()
      .map(({ target }) => target)
      .filter((target) => target.includes('Action=ConfirmSubscription'))

  it.each(['/v1/receipts/aws/events', '/v1/inbound/aws'])(
    'confirms a subscription of %s, of the topic it knows',
    async (path) => {
      const fields = snsConfirmation(topic(), Date.now())
      const foreign = { ...topic(), topicArn: `${AWS_SNS_TOPIC_ARN}-of-theirs` }
      const before = links() ?? []
      const theirs = signSns(snsConfirmation(foreign, Date.now()))
      expect(await postReceipt(snsRequest(urlOf(path), theirs))).toBe(401)
      expect(links()).toEqual(before)
      expect(await postReceipt(snsRequest(urlOf(path), signSns(fields)))).toBe(204)
      const { pathname, search } = new URL(fields.SubscribeURL ?? '')
      expect(links()).toEqual([...before, pathname + search])
    },
  )

  it('has a certificate that is away come again', async () => {
    const carrier = stage.world.extraCarriers.aws
    await carrier?.setMode('refuse')
    const fields = snsNotification(topic(), '{"eventType":"TEXT_QUEUED"}', Date.now())
    const SigningCertURL = `${topic().snsOrigin}/another.pem`
    const request = snsRequest(
      urlOf('/v1/receipts/aws/events'),
      signSns({ ...fields, SigningCertURL }),
    )
    expect(await postReceipt(request)).toBe(503)
    await carrier?.setMode('ok')
  })

  it('takes a text, and no forged one', async () => {
    const owner = await importOwner(stage)
    const text = (inboundMessageId: string) =>
      snsNotification(
        topic(),
        JSON.stringify({
          originationNumber: owner.phone,
          destinationNumber: '+12025550105',
          messageKeyword: 'KEYWORD_123456789012',
          messageBody: 'Stop',
          inboundMessageId,
          previousPublishedMessageId: 'm1',
        }),
        Date.now(),
      )
    const url = urlOf('/v1/inbound/aws')
    expect(await postReceipt(snsRequest(url, signSns(text('i1'), forgersKey())))).toBe(401)
    expect(await postReceipt(snsRequest(url, signSns(text('i2'))))).toBe(204)
    const told = await stage.world.exchange.waitForCallback(({ body }) =>
      body.includes(`"${owner.id}"`),
    )
    expect(JSON.parse(told.body)).toMatchObject({
      type: 'phone.changed',
      data: { change: 'opted_out' },
    })
  })
})
