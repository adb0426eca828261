// What an owner reads off an alert's text: its numbers, the link, the code.

export function alertNumbersIn(text: string): readonly number[] {
  const list = /\((#[\d#, -]+)\)/.exec(text)?.[1] ?? /#\d+(?:(?:-|, )#\d+)*/.exec(text)?.[0] ?? ''
  return [...list.matchAll(/#(\d+)(?:-#(\d+))?/g)].flatMap(([, first, last]) => {
    const from = Number(first)
    return Array.from({ length: Number(last ?? first) - from + 1 }, (_one, index) => from + index)
  })
}

export function linkIn(text: string): string | null {
  return /https:\/\/\S+\/l\/[\w.-]+/.exec(text)?.[0] ?? null
}

export function codeIn(text: string): string | null {
  return /LOCK ([2-9A-Z]{4})\b/.exec(text)?.[1] ?? null
}

/** Of eight, for the lock page. */
export function typedCodeIn(text: string): string | null {
  return /\bcode ([2-9A-HJ-NP-Z]{4} [2-9A-HJ-NP-Z]{4})\b/.exec(text)?.[1] ?? null
}

const NOTICES = {
  lock_asked: /somebody asked to lock your account/,
  lift_asked: /we were asked to allow withdrawals again early/,
  hold_lifted: /the hold on withdrawals was lifted/,
  contact_code: /give them this code: \d/,
  contact_added: /you are now a trusted contact/,
} as const

/** Of those that somebody acts on, or that are counted. */
export function noticeIn(text: string): keyof typeof NOTICES | null {
  for (const kind of Object.keys(NOTICES) as (keyof typeof NOTICES)[]) {
    if (NOTICES[kind].test(text)) return kind
  }
  return null
}

/** The link that stops a lift, and until when it can. */
export function stopLinkIn(text: string): { readonly url: string; readonly dueAt: number } | null {
  const [url, facts = ''] = /https:\/\/\S+\/s\/([\w-]+)\.[\w.-]+/.exec(text) ?? []
  // Its last four bytes are the seconds (docs/data-model.md).
  const bytes = Buffer.from(facts, 'base64url')
  return url === undefined ? null : { url, dueAt: bytes.readUInt32BE(bytes.length - 4) * 1_000 }
}

/** What a contact tells the owner. */
export function contactCodeIn(text: string): string | null {
  return /this code: (\d[\d ]*\d)/.exec(text)?.[1] ?? null
}
