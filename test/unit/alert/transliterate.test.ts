import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countSegments } from '../../../src/alert/segments.ts'
import { transliterate } from '../../../src/alert/transliterate.ts'
import { isGsm7Basic } from '../../../src/lib/gsm7.ts'
import { hostileText } from './hostile.ts'

describe('transliterate', () => {
  it.each([
    ['Zürich', 'Zürich'],
    ['Tromsø, Ærø, Åland', 'Tromsø, Ærø, Åland'],
    ['Große Straße', 'Große Straße'],
    ['Zu\u0308rich', 'Zürich'],
    ['São Paulo', 'Sao Paulo'],
    ['Şişli, İstanbul, Iğdır', 'Sisli, Istanbul, Igdir'],
    ['Łódź', 'Lodz'],
    ['Đà Nẵng', 'Dà Nang'],
    ['Reykjavík, Þórshöfn', 'Reykjavik, Thorshöfn'],
    ['ΑΘΗΝΑ', 'ATHINA'],
    ['Θήβα, Ηράκλειο, Λουτράκι', 'Thiva, Irakleio, Loutraki'],
    ['Щёлково, Љубљана', 'Shchelkovo, Ljubljana'],
    ['Київ', 'Kyiv'],
    ['КИЇВ', 'KYIV'],
    ['Кривий Ріг', 'Kryvyi Rih'],
    ['Чернігів, Харків', 'Chernihiv, Kharkiv'],
    ['Запоріжжя, Миколаїв', 'Zaporizhzhia, Mykolaiv'],
    ['Єнакієве, Їжакевич, Юрій', 'Yenakiieve, Yizhakevych, Yurii'],
    ['Згурський, Розгін', 'Zghurskyi, Rozghin'],
    ['Мінск', 'Minsk'],
    ['Өскемен, Көкшетау і', 'Oskemen, Kokshetau i'],
    ['Нижний Новгород', 'Nizhniy Novgorod'],
    ['Ёлка, Объект', 'Elka, Obekt'],
    ['John’s “iPhone” – 15…', 'John\'s "iPhone" - 15...'],
    ['a\u00a0b\u2003c\td\r\ne\u2028f', 'a b c d e f'],
    ['\u202eevil\u202c\u200b\u00ad\ufeff', 'evil'],
    ['[a]{b}|~^\\', "(a)(b)!-'/"],
    ['€5', 'EUR5'],
    ['Ｐｉｘｅｌ ９ 𝐏𝐫𝐨 ™ ½', 'Pixel 9 Pro TM 1/2'],
    ['Phone 🔥👩‍👩‍👧', 'Phone'],
    ['東京', ''],
    ['北京 2', ''],
    ['القاهرة', ''],
    ['กรุงเทพ', ''],
    ['太郎のiPhone 15', 'iPhone 15'],
    ['\ud800a\udc00', 'a'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(transliterate(text)).toBe(expected)
  })

  it('gives one line of basic characters, one septet each, whatever comes in', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = transliterate(text)
        expect([...line].every(isGsm7Basic)).toBe(true)
        expect(countSegments(line).units).toBe(line.length)
        expect(line).not.toMatch(/[\r\n]| {2}|^ | $/)
      }),
      { numRuns: 3000 },
    )
  })

  it('leaves its own output as it is', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = transliterate(text)
        expect(transliterate(line)).toBe(line)
      }),
    )
  })

  it('takes the short way only to where the long one leads', () => {
    // A joiner has no spelling: it leaves nothing behind, and nobody skips a text with one in it.
    const long = (text: string) => transliterate(`${text}\u200d`)
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(transliterate(text)).toBe(long(text))
      }),
      { numRuns: 2000 },
    )
  })
})
