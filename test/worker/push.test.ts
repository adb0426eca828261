// Push notifications through the real Worker to a push service that decrypts them itself: beside the SMS, with
// the lock link, and never in its way.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accountPath,
  importOwner,
  linkIn,
  loginAndDeliver,
  newOwner,
  type Owner,
} from '../support/owner.ts'
import { enterPortal, type Portal, proofCodeSentTo } from '../support/portal.ts'
import { deliverInOrder } from '../support/receipts.ts'
import { eventually, freePort, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { type PushService, startPushService } from '../world/push-service.ts'

let stage: Stage
let service: PushService

beforeAll(async () => {
  service = await startPushService()
  stage = await startTestStage({ settings: service.settings() })
})

afterAll(async () => {
  await stage.close()
  await service.close()
})

const PATH = '/portal/push'

async function subscribed(): Promise<{ readonly owner: Owner; readonly portal: Portal }> {
  const owner = await importOwner(stage)
  const portal = await enterPortal(stage, owner)
  const saved = await portal.post(PATH, { subscription: service.subscribe(owner.id) })
  expect(saved.location).toBe(`${PATH}?done=push_on`)
  return { owner, portal }
}

/** But for the news that the device itself was added. */
const pushesTo = (owner: Owner) =>
  service.received(owner.id).filter(({ content }) => !JSON.stringify(content).includes('was added'))

const pushTo = (owner: Owner) => eventually('a push', () => pushesTo(owner)[0])

describe('a login', () => {
  it('is pushed beside its SMS, with the same link, readable by the device alone', async () => {
    const { owner } = await subscribed()
    const { message } = await loginAndDeliver(stage, owner, { country: 'DE', city: 'Frankfurt' })
    const push = await pushTo(owner)
    expect(push).toMatchObject({
      urgency: 'high',
      contact: 'mailto:operator@example.com',
      content: {
        title: 'Demo Exchange: login #1',
        body: expect.stringContaining('Frankfurt, Germany'),
        url: linkIn(message.text),
        action: 'Not me: lock',
      },
    })
  })

  it('shows in the history how many devices were told', async () => {
    const { owner, portal } = await subscribed()
    await loginAndDeliver(stage, owner)
    await eventually('the note', async () => {
      const { text } = await portal.get('/portal/logins')
      return text.includes('Push: 1 of 1')
    })
    expect((await portal.get(PATH)).text).not.toContain('not yet')
  })

  it('is told by SMS while the push service hangs', async () => {
    const { owner } = await subscribed()
    service.setMode('hang')
    const { message } = await loginAndDeliver(stage, owner)
    const givenUpAt = await eventually('the end of the call', () => service.givenUpAt(owner.id))
    service.setMode('ok')
    expect(message.at).toBeLessThan(givenUpAt)
  })

  it('costs an account without devices neither a row nor a message', async () => {
    const owner = await importOwner(stage)
    await deliverInOrder(stage, owner)
    await stage.readMeter()
    await deliverInOrder(stage, owner)
    const meter = await stage.readMeter()
    expect([meter.rowsWritten, meter.queueSends]).toEqual([7, 1])
  })
})

describe('a device', () => {
  it.each(['gone', 'missing'] as const)('that is %s is forgotten', async (mode) => {
    const { owner, portal } = await subscribed()
    service.setMode(mode)
    await loginAndDeliver(stage, owner)
    await eventually('the end of it', async () => {
      const { text } = await portal.get(PATH)
      return text.includes('No device gets push notifications')
    })
    service.setMode('ok')
  })

  it('stays when the push service has a bad moment', async () => {
    const { portal } = await subscribed()
    service.setMode('error')
    expect((await portal.post(`${PATH}/test`)).status).toBe(422)
    service.setMode('ok')
    expect((await portal.post(`${PATH}/test`)).location).toBe(`${PATH}?done=test_sent`)
  })

  it('can be removed, and only from its own account', async () => {
    const { owner, portal } = await subscribed()
    const { text } = await portal.get(PATH)
    const id = /name="subscription_id" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const other = await enterPortal(stage, newOwner())
    await other.post(`${PATH}/remove`, { subscription_id: id })
    expect((await portal.get(PATH)).text).toContain(id)
    const asked = await portal.post(`${PATH}/remove`, { subscription_id: id })
    expect(asked.status).toBe(422)
    expect((await portal.get(PATH)).text).toContain(id)
    const code = await proofCodeSentTo(stage, owner.phone)
    await portal.post(`${PATH}/remove`, { subscription_id: id, sms_code: code })
    expect((await portal.get(PATH)).text).not.toContain(id)
    await loginAndDeliver(stage, owner)
    await stage.settle()
    expect(pushesTo(owner)).toEqual([])
  })

  it('A14 belongs to the account that registered it last: the other one is silent there', async () => {
    const first = await subscribed()
    const second = await importOwner(stage)
    const portal = await enterPortal(stage, second)
    const saved = await portal.post(PATH, { subscription: service.subscribe(first.owner.id) })
    expect(saved.status).toBe(303)
    expect((await first.portal.get(PATH)).text).toContain('No device gets push notifications')
    await loginAndDeliver(stage, first.owner)
    const { message } = await loginAndDeliver(stage, second)
    await pushTo(first.owner)
    await stage.settle()
    const links = service.received(first.owner.id).flatMap(({ content }) => {
      const { url } = content as { readonly url: string | null }
      return url === null ? [] : [url]
    })
    expect(links).toEqual([linkIn(message.text)])
  })

  it('A14 that its push service refuses five times in a row is forgotten, and not before', async () => {
    const { portal } = await subscribed()
    // The news that it was added is pushed to it as well.
    await stage.settle()
    const test = async (mode: 'ok' | 'refuse') => {
      service.setMode(mode)
      await portal.post(`${PATH}/test`)
      service.setMode('ok')
      return (await portal.get(PATH)).text.includes('No device gets push notifications')
    }
    const modes = ['refuse', 'refuse', 'refuse', 'refuse', 'ok'] as const
    for (const mode of modes) expect(await test(mode)).toBe(false)
    for (let nth = 0; nth < 4; nth += 1) expect(await test('refuse')).toBe(false)
    expect(await test('refuse')).toBe(true)
  })

  it('A14 goes on where it was when its browser changes the subscription, for whoever knows the former', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    const former = service.subscribe(`${owner.id}-former`)
    await portal.post(PATH, { subscription: former })
    const subscription = service.subscribe(owner.id)
    const guessed = service.subscribe(`${owner.id}-former`)
    const renew = (known: string, headers?: Readonly<Record<string, string>>) =>
      portal.post('/push-renewal', { former: known, subscription }, { cookie: '', ...headers })
    expect((await renew(guessed)).status).toBe(404)
    expect((await renew(former, { origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await renew(former)).status).toBe(204)
    await loginAndDeliver(stage, owner)
    await pushTo(owner)
    expect(service.received(`${owner.id}-former`)).toEqual([])
    expect((await renew(former)).status).toBe(404)
  })

  it('goes with its account', async () => {
    const { owner } = await subscribed()
    await stage.world.exchange.api('DELETE', accountPath(owner))
    const portal = await enterPortal(stage, owner)
    expect((await portal.get(PATH)).text).toContain('No device gets push notifications')
  })

  it('A14 is one of ten at most, and the tenth may come again', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    const statuses: number[] = []
    for (let device = 0; device < 11; device += 1) {
      const subscription = service.subscribe(`many-${device}`)
      statuses.push((await portal.post(PATH, { subscription })).status)
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 303), 409])
    // The tenth again, under new keys.
    const again = await portal.post(PATH, { subscription: service.subscribe('many-9') })
    expect(again.location).toBe(`${PATH}?done=push_on`)
  })

  it('A14 is one of ten, also of forty at once', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, device) =>
        portal.post(PATH, { subscription: service.subscribe(`at-once-${device}`) }),
      ),
    )
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(30)
  })
})

describe('a subscription', () => {
  const good = () => JSON.parse(service.subscribe('shape')) as Record<string, unknown>

  it('that points elsewhere is refused, and nothing is asked there', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    const endpoint = `http://127.0.0.1:${await freePort()}/shape`
    const subscription = JSON.stringify({ ...good(), endpoint })
    expect((await portal.post(PATH, { subscription })).status).toBe(422)
  })

  it.each(['', '{}', 'null', '[]', '{"endpoint":1}', '{"endpoint":"x","keys":{}}'])(
    'of the shape %j is refused',
    async (subscription) => {
      const portal = await enterPortal(stage, await importOwner(stage))
      expect((await portal.post(PATH, { subscription })).status).toBe(422)
    },
  )

  it('with keys of another length is refused', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    const subscription = JSON.stringify({ ...good(), keys: { p256dh: 'AAAA', auth: 'AAAA' } })
    expect((await portal.post(PATH, { subscription })).status).toBe(422)
  })
})

describe('a change that somebody may want to hide', () => {
  it('is pushed: the lifting of a hold', async () => {
    const { owner } = await subscribed()
    await stage.world.exchange.api('POST', accountPath(owner, '/lock'), {})
    await stage.world.exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'a call' })
    const push = await pushTo(owner)
    expect(push.content).toMatchObject({
      title: 'Demo Exchange',
      body: expect.stringContaining('was lifted'),
      url: null,
    })
  })
})

describe('the service worker', () => {
  it('is a script for every page, from the root', async () => {
    const script = await fetch(`${stage.runtime.origin}/push-worker.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await script.text()).toContain('notificationclick')
  })
})
