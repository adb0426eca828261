// The provider and the phones behind it: every text arrives two seconds after it was accepted, with its receipt.

import type { HttpAnswer, HttpRequest } from '../simulate/machine/network.ts'
import { linkIn } from '../simulate/outside/texts.ts'
import { openProtocol } from '../simulate/settings.ts'

export type Text = { readonly at: number; readonly text: string; readonly link: string | null }

export type Phones = {
  /** What the provider is asked. */
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>
  /** Oldest first. */
  readonly textsOf: (phone: string) => readonly Text[]
  /** Resolves when that phone has a text with a link that is not older; null after `patienceMs`. */
  readonly linkAfter: (phone: string, since: number, patienceMs: number) => Promise<Text | null>
}

const ARRIVES_MS = 2_000

export function createPhones(room: {
  readonly now: () => number
  readonly after: (delayMs: number, run: () => void) => () => void
  readonly ask: (request: HttpRequest) => Promise<HttpAnswer>
}): Phones {
  const { now, after, ask } = room
  const protocol = openProtocol('twilio')
  const texts = new Map<string, Text[]>()
  const waiting = new Map<string, Set<() => void>>()

  const arrive = (to: string, text: string) => {
    const had = texts.get(to) ?? []
    texts.set(to, [...had, { at: now(), text, link: linkIn(text) }])
    for (const look of waiting.get(to) ?? []) look()
  }

  return {
    send: async ({ method, url, headers, body }) => {
      const { pathname, search } = new URL(url)
      const verdict = protocol.judge({ method, target: pathname + search, headers, body }, now())
      if (verdict.refusal !== null) throw new Error(`the provider refuses: ${verdict.refusal}`)
      for (const message of verdict.messages) {
        protocol.remember(message)
        after(ARRIVES_MS, () => {
          arrive(message.to, message.text)
          const receipt = protocol.receipt(message, 'delivered', now(), false)
          if (receipt) void ask({ method: 'POST', ...receipt })
        })
      }
      return verdict.answer
    },
    textsOf: (phone) => texts.get(phone) ?? [],
    linkAfter: (phone, since, patienceMs) =>
      new Promise((resolve) => {
        const looks = waiting.get(phone) ?? new Set()
        waiting.set(phone, looks)
        const end = (text: Text | null) => {
          looks.delete(look)
          cancel()
          resolve(text)
        }
        const cancel = after(patienceMs, () => end(null))
        const look = () => {
          const found = texts.get(phone)?.find(({ at, link }) => at >= since && link !== null)
          if (found) end(found)
        }
        looks.add(look)
        look()
      }),
  }
}
