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

  // One letter, as keyboards of Arabic, Persian and Urdu write it; and the stroke that lengthens a word.
  it.each([
    'لاك 7K3Q',
    'لاک 7K3Q',
    'كد 7K3Q',
    'قفـــل ٧K٣Q',
    'اقفل حسابى 7K3Q',
    'اقفل حسابي 7K3Q',
    'حسابم را قفل کن 7K3Q',
    'حسابم را قفل كنيد ۷K۳Q',
    'บล็อก ๗K๓Q',
  ])('%j locks, from whichever keyboard', (text) => {
    expect(readReply(text)).toEqual({ kind: 'lock', code: '7K3Q' })
  })

  it.each([
    'قفل نکن 7K3Q',
    'قفل نكن 7K3Q',
    'قفل\u200cنکن 7K3Q',
    'قفل را باز کن 7K3Q',
    'ปลดบล็อก 7K3Q',
  ])('%j locks nothing', (text) => {
    expect(readReply(text).kind).toBe('not_alone')
  })

  it.each([
    ['STOP', 'stop'],
    ['توقـــف', 'stop'],
    ['ایقاف', 'stop'],
    ['متوقف كنيد', 'stop'],
    ['بند كريں', 'stop'],
    ['iptal et', 'stop'],
    ['İPTAL ET', 'stop'],
    ['отпишись', 'stop'],
    ['شروع كريں', 'start'],
    ['مساعده', 'help'],
    ['كمك', 'help'],
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
    ['please stop this', 'stop'],
    ['stop please', 'stop'],
    ['Stop it!', 'stop'],
    ['STOP STOP', 'stop'],
    ['please unsubscribe me', 'stop'],
    ['STOP\n\nSent from my iPhone', 'stop'],
    ['Stopp', 'stop'],
    ['bitte abmelden', 'stop'],
    ['BAJA', 'stop'],
    ['Baja por favor', 'stop'],
    ['PARAR', 'stop'],
    ['arrêtez svp', 'stop'],
    ['BERHENTI', 'stop'],
    ['tolong berhenti', 'stop'],
    ['sila henti', 'stop'],
    ['tafadhali sitisha', 'stop'],
    ['opriti va rog', 'stop'],
    ['msaada', 'help'],
    ['zrušit odběr prosím', 'stop'],
    ['leállítás', 'stop'],
    ['ΣΤΟΠ', 'stop'],
    ['sluta', 'stop'],
    ['hjälp', 'help'],
    ['segítség', 'help'],
    ['βοήθεια', 'help'],
    ['odhlásit', 'other'],
    ['avsluta', 'other'],
    ['DUR', 'stop'],
    ['lütfen durdurun', 'stop'],
    ['dừng', 'stop'],
    ['стоп', 'stop'],
    ['Пожалуйста, стоп', 'stop'],
    ['відписатися', 'stop'],
    ['توقف', 'stop'],
    ['रोकें', 'stop'],
    ['براہ کرم بند کریں', 'stop'],
    ['বন্ধ করুন', 'stop'],
    ['הסר', 'stop'],
    ['הסירו אותי בבקשה', 'stop'],
    ['หยุด', 'stop'],
    ['หยุดครับ', 'stop'],
    ['ストップ', 'stop'],
    ['停止してください', 'stop'],
    ['停止', 'stop'],
    ['退订', 'stop'],
    ['请退订谢谢', 'stop'],
    ['退訂', 'stop'],
    ['수신거부', 'stop'],
    ['TD', 'stop'],
    ['start please', 'start'],
    ['начать', 'start'],
    ['開始', 'start'],
    ['help please', 'help'],
    ['Locked', 'unreadable_code'],
    ['L0CK', 'unreadable_code'],
    ['Locked 7K3Q', 'not_alone'],
    ['do not stop', 'other'],
    ['nu stop', 'other'],
    ['nu opriți', 'other'],
    ['stop nu', 'stop'],
    ["don't stop", 'other'],
    ['stop it was not me', 'other'],
    ['end it now', 'other'],
    ['cancel this please', 'other'],
    ['stop withdrawals', 'other'],
    ['STOP START', 'other'],
    ['不要停止', 'other'],
    ['بند نہ کریں', 'other'],
    ['বন্ধ করবেন না', 'other'],
    ['לא להפסיק', 'other'],
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

describe('B5 whose login it was', () => {
  it.each([
    'Benim 7K3Q',
    '是我的 7K3Q',
    '是 7K3Q',
    'это мой 7K3Q',
    'це мій 7K3Q',
    '私のです 7K3Q',
    'यह मेरा है 7K3Q',
    '7K3Q ya saya',
    'è mio 7K3Q',
    'é meu 7K3Q',
    'ของฉัน 7K3Q',
    'من است 7K3Q',
    'của tôi 7K3Q',
    'jest mój 7K3Q',
    'ist mein 7K3Q',
    'my 7K3Q',
    '👍 7K3Q',
    '👎 7K3Q',
    '🚫 LOCK 7K3Q',
    '❌LOCK 7K3Q',
  ])('%s locks nothing, and is told so', (text) => {
    expect(readReply(text)).toEqual({ kind: 'not_alone' })
  })

  it.each([
    'my code is 7K3Q',
    'mein Code ist 7K3Q',
    '我的代码是7K3Q',
    'LOCK my 7K3Q',
    '🆘 LOCK 7K3Q',
    'it was not me 7K3Q',
    'это не я 7K3Q',
  ])('%s locks', (text) => {
    expect(readReply(text)).toEqual({ kind: 'lock', code: '7K3Q' })
  })
})
