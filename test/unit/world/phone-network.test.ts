// The phones behind the carriers, the bounded journal under everything, and counting segments.

import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { expect, test } from 'vitest'
import { createJournal } from '../../world/journal.ts'
import { createPhoneNetwork, type PhoneMessage } from '../../world/phone-network.ts'
import { countSegments } from '../../world/segments.ts'

const message = (text: string, to = '+12025550123'): PhoneMessage => ({
  provider: 'twilio',
  from: 'x',
  to,
  text,
  at: 0,
  providerMessageId: text,
  encoding: 'GSM-7',
  segments: 1,
})

test('each number has its own inbox, oldest first', () => {
  const phones = createPhoneNetwork()
  phones.receive(message('a #1'))
  phones.receive(message('b #1', '+12025550124'))
  phones.receive(message('a #2'))
  expect(phones.messagesTo('+12025550123').map(({ text }) => text)).toEqual(['a #1', 'a #2'])
  expect(phones.messagesTo('+12025550199')).toEqual([])
})

test('waiting finds what is there, what comes, and gives up on what does not', async () => {
  const phones = createPhoneNetwork()
  phones.receive(message('#1'))
  const known = await phones.waitForMessage('+12025550123', ({ text }) => text === '#1')
  expect(known.text).toBe('#1')
  const later = phones.waitForMessage('+12025550123', ({ text }) => text === '#2')
  phones.receive(message('#2', '+12025550124'))
  phones.receive(message('#2'))
  expect((await later).to).toBe('+12025550123')
  await expect(phones.waitForMessage('+12025550123', () => false, 10)).rejects.toThrow('10 ms')
})

test('one alert that reached a phone twice is one duplicate', () => {
  const phones = createPhoneNetwork()
  for (const text of ['x #1', 'x #2', 'x #1', 'no alert', 'no alert']) phones.receive(message(text))
  phones.receive(message('x #1', '+12025550124'))
  expect(phones.duplicatesTo('+12025550123')).toBe(1)
  expect(phones.duplicates()).toBe(1)
})

test('a full network forgets its oldest message', () => {
  const phones = createPhoneNetwork({ capacity: 2 })
  phones.receive(message('#1', '+12025550199'))
  phones.receive(message('#2'))
  phones.receive(message('#3'))
  expect(phones.numbers()).toEqual(['+12025550123'])
  expect(phones.total()).toBe(3)
})

test('a journal keeps exactly its newest entries in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (values, capacity) => {
      const dropped: number[] = []
      const journal = createJournal<number>('j', { capacity, onDrop: (n) => dropped.push(n) })
      for (const value of values) journal.add(value)
      expect(journal.entries()).toEqual(values.slice(-capacity))
      expect(journal.latest(3)).toEqual(values.slice(-capacity).reverse().slice(0, 3))
      expect(dropped).toEqual(values.slice(0, Math.max(0, values.length - capacity)))
      expect(journal.total()).toBe(values.length)
    }),
  )
})

test('segments agree with an independent calculator', () => {
  const letters = fc.constantFrom(...'aZ 09@£$¥éùìò€[]{}~^|\\\nΔçÇéß漢’'.split(''))
  const texts = fc.array(letters, { minLength: 1, maxLength: 400 }).map((list) => list.join(''))
  fc.assert(
    fc.property(texts, (text) => {
      const other = new SegmentedMessage(text, 'auto')
      expect(countSegments(text)).toEqual({
        encoding: other.getEncodingName() === 'GSM-7' ? 'GSM-7' : 'UCS-2',
        segments: other.segmentsCount,
      })
    }),
  )
})
