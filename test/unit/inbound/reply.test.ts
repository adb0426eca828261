import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReply } from '../../../src/inbound/reply.ts'
import { anyText } from '../../support/any-text.ts'

describe('a reply', () => {
  it.each([
    ['LOCK 7K3Q', '7K3Q'],
    ['lock 7k3q', '7K3Q'],
    ['Lock: 7K3Q!', '7K3Q'],
    ['LOCK7K3Q', '7K3Q'],
    ['7K3Q', '7K3Q'],
    [' 7k3q. ', '7K3Q'],
    ['LOCK 7K 3Q', '7K3Q'],
    ['please LOCK 7K3Q now', '7K3Q'],
    ['ＬＯＣＫ ７Ｋ３Ｑ', '7K3Q'],
    ['It was not me! 7K3Q', '7K3Q'],
  ])('%j locks', (text, code) => {
    expect(readReply(text)).toEqual({ kind: 'lock', code })
  })

  it.each([
    ['STOP', 'stop'],
    ['stop.', 'stop'],
    ['Stop all', 'stop'],
    ['UNSUBSCRIBE', 'stop'],
    ['Arrêt', 'stop'],
    ['Start', 'start'],
    ['UNSTOP', 'start'],
    ['HELP', 'help'],
    ['info?', 'help'],
    ['LOCK', 'unreadable_code'],
    ['LOCK ABCD', 'unreadable_code'],
    ['LOCK 0000', 'unreadable_code'],
    ['please stop this', 'other'],
    ['I need help', 'other'],
    ['', 'other'],
    ['👍', 'other'],
  ])('%j means %s', (text, kind) => {
    expect(readReply(text)).toEqual({ kind })
  })

  it('is read whatever it is', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const reply = readReply(text)
        if (reply.kind === 'lock') expect(reply.code).toMatch(/^[2-9A-HJ-NP-Z]{4}$/)
      }),
    )
  })
})
