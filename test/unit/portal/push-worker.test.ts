// What the service worker does, run as the text that browsers get, in a world made of its own few parts.

import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { PUSH_WORKER_SCRIPT } from '../../../src/portal/push/script.ts'

type Handler = (event: Readonly<Record<string, unknown>>) => void

function startWorker() {
  const handlers = new Map<string, Handler>()
  const shown: unknown[] = []
  const opened: string[] = []
  const self = {
    addEventListener: (type: string, handler: Handler) => handlers.set(type, handler),
    registration: {
      showNotification: (title: string, options: object) => shown.push({ title, ...options }),
    },
    clients: { openWindow: (url: string) => opened.push(url) },
  }
  runInContext(PUSH_WORKER_SCRIPT, createContext({ self }))
  const waitUntil = () => undefined
  return {
    shown,
    opened,
    push: (content: object) => handlers.get('push')?.({ waitUntil, data: { json: () => content } }),
    press: (url: string | null) => {
      let isClosed = false
      const close = () => {
        isClosed = true
      }
      handlers.get('notificationclick')?.({ waitUntil, notification: { close, data: { url } } })
      return isClosed
    },
  }
}

const CONTENT = {
  title: 'Demo Exchange: login #7',
  body: 'Frankfurt, Germany',
  url: 'https://lock.example.com/l/a.b',
  action: 'Not me: lock',
  tag: 'alr_7',
}

describe('the service worker', () => {
  it('shows a login, with the lock as its button', () => {
    const worker = startWorker()
    worker.push(CONTENT)
    expect(worker.shown).toEqual([
      {
        title: CONTENT.title,
        body: CONTENT.body,
        tag: CONTENT.tag,
        data: { url: CONTENT.url },
        actions: [{ action: 'open', title: CONTENT.action }],
        requireInteraction: true,
      },
    ])
  })

  it('shows news without a link, without a button', () => {
    const worker = startWorker()
    worker.push({ ...CONTENT, url: null, action: null })
    expect(worker.shown).toMatchObject([{ actions: [], data: { url: null } }])
  })

  it('opens the lock page on a press, and only then', () => {
    const worker = startWorker()
    worker.push(CONTENT)
    expect(worker.opened).toEqual([])
    expect(worker.press(CONTENT.url)).toBe(true)
    expect(worker.opened).toEqual([CONTENT.url])
  })

  it('opens nothing where there is nothing to open', () => {
    const worker = startWorker()
    expect(worker.press(null)).toBe(true)
    expect(worker.opened).toEqual([])
  })
})
