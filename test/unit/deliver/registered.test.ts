// Where a country takes registered texts alone: the id that goes with a text is its own, or the text stays here.

import { describe, expect, it, vi } from 'vitest'
import {
  LAST_RESORTS,
  REGISTERED_ALERTS,
  registeredName,
} from '../../../src/country/registered-texts.ts'
import type { DeliverContext } from '../../../src/deliver/deliver-context.ts'
import { registeredAlert, registeredNotice } from '../../../src/deliver/registered.ts'
import { sendText } from '../../../src/deliver/send-text.ts'
import { createBreakerBoard } from '../../../src/routing/breaker-board.ts'
import { createRouteMemory } from '../../../src/routing/route-memory.ts'
import { en } from '../../../src/words/languages/en.ts'
import { hi } from '../../../src/words/languages/hi.ts'
import { httpProviderOf } from '../../support/http-templates.ts'
import { ports } from '../../support/ports.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'
import { NOW, routeOf } from './fixtures.ts'

const RULES = { hasLink: false, canReply: false, isNameBarred: false }

const templatesOf = (...names: readonly string[]) =>
  new Map(
    [...LAST_RESORTS.map((name) => registeredName('en', name)), ...names].map((name) => [
      name,
      { templateId: `id of ${name}` },
    ]),
  )

describe('an alert', () => {
  it.each([
    ['in the owner’s language where it is registered', ['hi login', 'en login'], 'hi login'],
    ['in English where it is not', ['hi drill', 'en login'], 'en login'],
    ['in the barest words where nothing else is', [], 'en login, bare'],
  ])('goes out under its own id, %s', (_where, names, used) => {
    const sent = registeredAlert(templatesOf(...names), USUAL_ALERT, RULES, hi)
    expect(sent?.template).toEqual({ templateId: `id of ${used}` })
    expect(sent?.text.includes('लॉगिन')).toBe(used.startsWith('hi'))
  })
})

describe('an alert from a data centre', () => {
  const all = templatesOf(
    ...REGISTERED_ALERTS.flatMap(({ name }) => [
      registeredName('hi', name),
      registeredName('en', name),
    ]),
  )
  const hidden = { ...USUAL_ALERT, hosting: 'Hetzner Online' }

  it.each([
    ['the city is not known', { city: null }],
    ['nothing is known of the device', { browser: null, os: null }],
  ])('says so where %s', (_what, unknown) => {
    for (const language of [en, hi]) {
      const { dataCentre, shortParallel } = language.alert
      const alone = registeredAlert(all, { ...hidden, ...unknown }, RULES, language)
      expect(alone?.text).toContain(dataCentre)
      const facts = { ...hidden, ...unknown, isParallel: true }
      const beside = registeredAlert(all, facts, RULES, language)
      expect(beside?.text).toContain(dataCentre)
      expect(beside?.text).toContain(shortParallel)
    }
  })
})

it('an alert under a template costs no more than ALERT_SEGMENTS_MAX', () => {
  const all = templatesOf(...REGISTERED_ALERTS.map(({ name }) => registeredName('hi', name)))
  const facts = {
    ...USUAL_ALERT,
    ...{ exchangeName: 'Bolsa Internacional', city: 'Thiruvananthapuram', isParallel: true },
    ...{ hosting: 'Hetzner Online', isNewDevice: true, phrase: 'blue heron of the north' },
  }
  const segments = [undefined, 4, 3].map(
    (most) => registeredAlert(all, facts, RULES, hi, most)?.segments,
  )
  expect(segments).toEqual([4, 4, 3])
})

describe('another text', () => {
  it('goes out under its own id, in a language in which it is registered', () => {
    const templates = templatesOf('en drill', 'hi code', 'en code')
    expect(registeredNotice(templates, 'drill', hi)).toEqual({
      language: en,
      template: { templateId: 'id of en drill' },
    })
    expect(registeredNotice(templates, 'code', hi)?.language).toBe(hi)
  })

  it('stays here where it is in none', () => {
    expect(registeredNotice(templatesOf('en drill'), 'help', hi)).toBe(null)
  })
})

describe('the provider', () => {
  const TEMPLATE = {
    request: {
      url: 'https://sms.example/send',
      json: { to: '{to}', text: '{text}', from: '{from}', tpl: '{template_id}' },
    },
    message_id: '/id',
  }

  it.each([
    ['the text’s own id', { template: { templateId: 'of the text' } }, 'of the text'],
    ['that of its sender for a text without one', {}, 'of the sender'],
  ])('is told %s', async (_which, registered, told) => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const bodies: unknown[] = []
    const context: DeliverContext = Object.assign(Object.create(null), {
      ...ports,
      now: () => NOW,
      routing: createRouteMemory(),
      breakers: createBreakerBoard(),
      fetch: async (_url: string, { body }: { readonly body: string }) => {
        bodies.push(JSON.parse(body))
        return Response.json({ id: 'm_1' })
      },
      config: {
        publicOrigin: 'https://lock.example.com',
        dataKeys: [new Uint8Array(32)],
        attemptTimeoutMs: 1_500,
      },
    })
    const provider = { ...httpProviderOf(TEMPLATE, { now: NOW }), name: 'http' } as const
    const [step] = routeOf([provider])
    if (!step) throw new Error('a route of one')
    const sender = { ...step.sender, template: { templateId: 'of the sender' } }
    await sendText(context, [{ ...step, sender }], {
      to: { e164: '+919812345678', country: 'IN' },
      ...{ accountId: '1001', seq: 1, id: 'alr_1', receivedAt: NOW, firstAttempt: 1 },
      textFor: () => ({ text: 'Hello', segments: 1, ...registered }),
    })
    vi.restoreAllMocks()
    expect(bodies).toEqual([expect.objectContaining({ tpl: told })])
  })
})
