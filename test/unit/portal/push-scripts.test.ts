// What a browser does when its subscription is not, or no longer, the one we can push to: both scripts as the text that
// browsers get, in a world made of their own few parts.

import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { PUSH_SCRIPT, PUSH_WORKER_SCRIPT } from '../../../src/portal/push/script.ts'

const keyOf = (byte: number) => new Uint8Array(65).fill(byte)
const textOf = (key: Uint8Array) => Buffer.from(key).toString('base64url')

type Options = { readonly applicationServerKey: Uint8Array }

/** A browser's push manager; `subscribe` fails under another key while there is a subscription, as browsers do. */
function pushManager(present: Uint8Array | null) {
  const acts: string[] = []
  let key = present
  const subscriptionOf = (own: Uint8Array) => ({
    options: { applicationServerKey: Uint8Array.from(own).buffer },
    toJSON: () => ({ endpoint: `https://push.example/${own[0]}` }),
    unsubscribe: async () => {
      acts.push(`unsubscribe ${own[0]}`)
      key = null
    },
  })
  const manager = {
    getSubscription: async () => (key ? subscriptionOf(key) : null),
    subscribe: async ({ applicationServerKey }: Options) => {
      if (key && key[0] !== applicationServerKey[0]) throw new Error('InvalidStateError')
      acts.push(`subscribe ${applicationServerKey[0]}`)
      key = applicationServerKey
      return subscriptionOf(applicationServerKey)
    },
  }
  return { acts, manager }
}

function cacheOf(kept: Map<string, string>) {
  const cache = {
    put: async (name: string, answer: Response) => void kept.set(name, await answer.text()),
    match: async (name: string) => {
      const text = kept.get(name)
      return text === undefined ? undefined : new Response(text)
    },
  }
  return { open: async () => cache }
}

async function switchOn(present: Uint8Array | null, ours: Uint8Array) {
  const { acts, manager } = pushManager(present)
  const kept = new Map<string, string>()
  const posted = Promise.withResolvers<string>()
  const subscription = { value: '' }
  let submit = (_event: object): void => undefined
  const form = {
    dataset: { key: textOf(ours), worker: '/push-worker.js', renewal: '/push-renewal' },
    elements: { subscription },
    addEventListener: (_type: string, handler: typeof submit) => {
      submit = handler
    },
    submit: () => posted.resolve(subscription.value),
  }
  const enable = {}
  const parts = new Map<string, object>([
    ['push-form', form],
    ['push-enable', enable],
    ['push-note', {}],
  ])
  const serviceWorker = {
    register: async () => undefined,
    ready: Promise.resolve({ pushManager: manager }),
  }
  const Notification = { requestPermission: async () => 'granted' }
  runInContext(
    PUSH_SCRIPT,
    createContext({
      document: { getElementById: (id: string) => parts.get(id) },
      navigator: { serviceWorker },
      window: { PushManager: {}, Notification },
      Notification,
      caches: cacheOf(kept),
      Response,
      Uint8Array,
      atob,
    }),
  )
  submit({ submitter: enable, preventDefault: () => undefined })
  return { posted: await posted.promise, acts, kept }
}

describe('A14 switching push on', () => {
  it('A14 subscribes anew where the browser is subscribed under former VAPID keys', async () => {
    const { acts, posted } = await switchOn(keyOf(1), keyOf(2))
    expect(acts).toEqual(['unsubscribe 1', 'subscribe 2'])
    expect(posted).toBe('{"endpoint":"https://push.example/2"}')
  })

  it('A14 keeps the subscription under the present ones', async () => {
    expect((await switchOn(keyOf(2), keyOf(2))).acts).toEqual(['subscribe 2'])
  })

  it('A14 leaves the service worker what a renewal takes', async () => {
    const { kept } = await switchOn(null, keyOf(2))
    expect(JSON.parse(kept.get('/push-device') ?? '')).toEqual({
      key: textOf(keyOf(2)),
      renewal: '/push-renewal',
      subscription: '{"endpoint":"https://push.example/2"}',
    })
  })
})

describe('A14 pushsubscriptionchange', () => {
  async function change(event: Readonly<Record<string, unknown>>, status = 204) {
    const device = { key: textOf(keyOf(2)), renewal: '/push-renewal', subscription: '"known"' }
    const kept = new Map([['/push-device', JSON.stringify(device)]])
    const posted: string[] = []
    const handlers = new Map<string, (event: object) => void>()
    const { manager } = pushManager(null)
    const self = {
      addEventListener: (type: string, handler: (event: object) => void) =>
        handlers.set(type, handler),
      registration: { pushManager: manager },
    }
    const fetch = async (address: string, { body }: { readonly body: URLSearchParams }) => {
      posted.push(`${address} ${body.get('former')} ${body.get('subscription')}`)
      return new Response(null, { status })
    }
    const parts = { self, caches: cacheOf(kept), fetch, URLSearchParams, Response, Uint8Array }
    runInContext(PUSH_WORKER_SCRIPT, createContext({ ...parts, atob }))
    let work: unknown
    const waitUntil = (promise: unknown) => {
      work = promise
    }
    handlers.get('pushsubscriptionchange')?.({ waitUntil, ...event })
    await work
    return { posted, known: JSON.parse(kept.get('/push-device') ?? '').subscription }
  }

  it('A14 posts the new subscription with the former one, and knows it from then on', async () => {
    const event = { oldSubscription: 'old', newSubscription: 'new' }
    const { posted, known } = await change(event)
    expect(posted).toEqual(['/push-renewal "old" "new"'])
    expect(known).toBe('"new"')
  })

  it('A14 subscribes itself where the browser brings neither', async () => {
    const { posted } = await change({ oldSubscription: null, newSubscription: null })
    expect(posted).toEqual(['/push-renewal "known" {"endpoint":"https://push.example/2"}'])
  })

  it('A14 still shows the former one after a renewal that was refused', async () => {
    const event = { oldSubscription: null, newSubscription: 'new' }
    expect((await change(event, 503)).known).toBe('"known"')
  })
})
