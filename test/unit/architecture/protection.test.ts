// A2: no page of the owner's changes what protects an account but through the one gate. Whatever writes accounts, passkeys,
// push subscriptions or numbers being bound is handed to `makeChange` as a statement, or stands below with the reason.

import { describe, expect, it } from 'vitest'
import { keysOf } from '../../../src/lib/table.ts'
import { CHANGES } from '../../../src/portal/change/changes.ts'
import { readSources, roomOf, type SourceFile } from './source-files.ts'

/** What pages write past the gate, and why it protects no less for it. */
const BESIDE: Readonly<Record<string, string>> = {
  'portal/change/proof-code.ts noteCodeSent': 'a code that is sent once more',
  'portal/change/proof-code.ts startProofCodeStatement':
    'the code itself: it proves, and binds nothing',
  'portal/change/prove-passkey.ts notePasskeyUseStatement':
    'notes when the passkey was used, and its counter',
  'portal/change/prove.ts checkTotp': 'uses up the code that was typed',
  'portal/change/prove.ts countProofTry': 'counts the code that was typed',
  'portal/change/prove.ts useProofCode': 'uses up the code that was typed',
  'portal/hold/lifting.ts liftBySignature':
    'the owner’s signature is the proof; it notes the passkey’s use, and weakens nothing that stays',
  'portal/lock/lock-by-visit.ts lockAccount': 'a lock, which any visitor may ask for',
  'portal/number/routes.ts cancelBindingStatement':
    'a number that was never bound is not bound after all',
  'portal/number/routes.ts countCodeTry': 'counts the code that was typed',
  'portal/number/routes.ts noteCodeSent': 'a code that is sent once more',
  'portal/number/routes.ts startBindingStatement':
    'the number is not the account’s yet; the proof of the change was given before',
  'portal/push/routes.ts pushToOwner': 'notes what a push service said of a device',
  'portal/push/routes.ts renewSubscription': 'the same device, with the keys it has now',
  'portal/push/routes.ts takeOverElsewhere':
    'the browser is this account’s by then, so no longer another one’s',
  'portal/push/routes.ts takeOverStatement':
    'the browser is this account’s by then, so no longer another one’s',
  'portal/push/worker-routes.ts renewDevice': 'the same device, which its browser named anew',
  'portal/ways/contact-routes.ts askContactStatement':
    'the number is no contact yet; the proof of the change was given before',
  'portal/ways/contact-routes.ts countContactCode': 'counts the code that was typed',
  'portal/ways/contact-routes.ts endContactStatement':
    'a contact whose code was never typed: it could not lock',
  'portal/visit/visits.ts ensureAccountStatement': 'makes an account known, and changes none',
}

const GUARDED_ROOMS = ['account', 'push', 'lock']
const WRITE =
  /\.(?:update|insert|delete)\(\s*(?:accounts|passkeys|phoneBindings|pushSubscriptions|lockCards|lockContacts)\b|\binsertWhen\(/

/** Exported functions of the guarded rooms that write, by themselves or through another one. */
function writersOf(sources: readonly SourceFile[]): ReadonlySet<string> {
  const functions = sources
    .filter(({ path }) => GUARDED_ROOMS.includes(roomOf(path)))
    .flatMap(({ code }) => code.split(/^(?=(?:export )?(?:async )?function )/m))
    .flatMap((code) => {
      const name = /^(?:export )?(?:async )?function (\w+)/.exec(code)?.[1]
      return name === undefined ? [] : [{ name, body: code.slice(code.indexOf('(')) }]
    })
  const writers = new Set<string>()
  for (let known = -1; known < writers.size; ) {
    known = writers.size
    for (const { name, body } of functions) {
      const calls = [...body.matchAll(/\b(\w+)\(/g)].map(([, called = '']) => called)
      if (WRITE.test(body) || calls.some((called) => writers.has(called))) writers.add(name)
    }
  }
  return writers
}

/** The text without what stands in `statements: […]`, which the gate runs. */
function withoutHanded(code: string): string {
  const at = code.search(/\bstatements\s*[:=]\s*\[/)
  if (at === -1) return code
  const open = code.indexOf('[', at)
  let depth = 0
  let end = open
  do {
    if (code[end] === '[') depth += 1
    if (code[end] === ']') depth -= 1
    end += 1
  } while (depth > 0 && end < code.length)
  return code.slice(0, at) + withoutHanded(code.slice(end))
}

/** `file writer` for each call of a writer that is not handed to the gate. */
function callsBeside(sources: readonly SourceFile[], writers: ReadonlySet<string>) {
  return sources
    .filter(({ path }) => roomOf(path) === 'portal')
    .flatMap(({ path, code }) =>
      [...withoutHanded(code).matchAll(/\b(\w+)\(/g)].flatMap(([, called = '']) =>
        writers.has(called) ? [`${path} ${called}`] : [],
      ),
    )
}

const sources = readSources()

describe('A2 the gate of the owner’s pages', () => {
  it('is passed by everything that changes what protects an account', () => {
    const calls = new Set(callsBeside(sources, writersOf(sources)))
    expect([...calls].sort()).toEqual(Object.keys(BESIDE).sort())
  })

  it('is passed by each change there is', () => {
    const texts = sources
      .filter(({ path }) => roomOf(path) === 'portal' && !path.endsWith('change/changes.ts'))
      .map(({ text }) => text)
      .join('\n')
    expect(keysOf(CHANGES).filter((change) => !texts.includes(`'${change}'`))).toEqual([])
  })

  it('would be found missing in a page that writes past it', () => {
    const planted: SourceFile = {
      path: 'portal/planted/routes.ts',
      text: '',
      code: 'await saveAccountStatement(db, id, change, now)\nawait makeChange(c, { statements: [removePasskeyStatement(db, key)] })',
      imports: [],
    }
    const writers = writersOf(sources)
    expect(callsBeside([planted], writers)).toEqual([
      'portal/planted/routes.ts saveAccountStatement',
    ])
    for (const name of ['bindPhoneStatement', 'enrolTotpStatement', 'addSubscriptionStatement']) {
      expect(writers.has(name)).toBe(true)
    }
  })

  it('alone writes to D1 for the pages, beside visits and codes', () => {
    const batches = sources
      .filter(({ path, code }) => roomOf(path) === 'portal' && /\.batch\(/.test(code))
      .map(({ path }) => path)
    expect(batches).toEqual([
      'portal/change/make-change.ts',
      'portal/change/proof-code.ts',
      // It strengthens.
      'portal/hold/plan-hold.ts',
      'portal/number/routes.ts',
      'portal/visit/visits.ts',
      'portal/ways/contact-routes.ts',
    ])
  })
})
