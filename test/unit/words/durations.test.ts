// Durations in words: the plural forms of languages that have many, and that no sentence says one by itself.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smsDurations } from '../../../src/alert/fill.ts'
import { isGsm7Basic } from '../../../src/lib/gsm7.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import { durationParts } from '../../../src/words/durations.ts'
import { chooseLanguage, LANGUAGES } from '../../../src/words/languages.ts'
import { sentencesOf } from './sentences.ts'
import { saysNumber, timeWordsIn } from './time-words.ts'

const EACH = LANGUAGES.map((language) => [language.tag, language] as const)
const COUNTS = [1, 2, 3, 5, 21, 24]

function say(tag: string, ms: number, form?: string): string | undefined {
  const parts = durationParts(chooseLanguage([tag]), { time: ms })
  return parts[form === undefined ? 'time' : `time.${form}`]
}

describe('hours, minutes and seconds', () => {
  it.each([
    ['en', undefined, '1 hour|2 hours|3 hours|5 hours|21 hours|24 hours'],
    [
      'en',
      'more',
      '1 more hour|2 more hours|3 more hours|5 more hours|21 more hours|24 more hours',
    ],
    ['ro', undefined, '1 oră|2 ore|3 ore|5 ore|21 de ore|24 de ore'],
    ['ru', undefined, '1 час|2 часа|3 часа|5 часов|21 час|24 часа'],
    ['ru', 'genitive', '1 часа|2 часов|3 часов|5 часов|21 часа|24 часов'],
    ['uk', undefined, '1 годину|2 години|3 години|5 годин|21 годину|24 години'],
    ['uk', 'genitive', '1 години|2 годин|3 годин|5 годин|21 години|24 годин'],
    ['pl', undefined, '1 godzinę|2 godziny|3 godziny|5 godzin|21 godzin|24 godziny'],
    ['pl', 'nominative', '1 godzina|2 godziny|3 godziny|5 godzin|21 godzin|24 godziny'],
    ['cs', undefined, '1 hodinu|2 hodiny|3 hodiny|5 hodin|21 hodin|24 hodin'],
    ['cs', 'locative', '1 hodině|2 hodinách|3 hodinách|5 hodinách|21 hodinách|24 hodinách'],
    ['ar', undefined, 'ساعة واحدة|ساعتين|3 ساعات|5 ساعات|21 ساعة|24 ساعة'],
    ['fil', undefined, '1 oras|2 oras|3 oras|5 oras|21 oras|24 na oras'],
    ['he', undefined, 'שעה אחת|שעתיים|3 שעות|5 שעות|21 שעות|24 שעות'],
    [
      'he',
      'more',
      'שעה נוספת|שעתיים נוספות|3 שעות נוספות|5 שעות נוספות|21 שעות נוספות|24 שעות נוספות',
    ],
    ['hi', undefined, '1 घंटे|2 घंटे|3 घंटे|5 घंटे|21 घंटे|24 घंटे'],
    ['bn', undefined, '1 ঘণ্টা|2 ঘণ্টা|3 ঘণ্টা|5 ঘণ্টা|21 ঘণ্টা|24 ঘণ্টা'],
    ['hu', 'sublative', '1 órára|2 órára|3 órára|5 órára|21 órára|24 órára'],
    ['el', undefined, '1 ώρα|2 ώρες|3 ώρες|5 ώρες|21 ώρες|24 ώρες'],
    ['sv', undefined, '1 timme|2 timmar|3 timmar|5 timmar|21 timmar|24 timmar'],
    ['sv', 'ordinal', '1:a timme|2:e timme|3:e timme|5:e timme|21:e timme|24:e timme'],
    ['it', 'more', 'un’altra ora|altre 2 ore|altre 3 ore|altre 5 ore|altre 21 ore|altre 24 ore'],
    ['ja', undefined, '1時間|2時間|3時間|5時間|21時間|24時間'],
    ['tr', 'ablative', '1 saatten|2 saatten|3 saatten|5 saatten|21 saatten|24 saatten'],
    ['ur', undefined, '1 گھنٹے|2 گھنٹے|3 گھنٹے|5 گھنٹے|21 گھنٹے|24 گھنٹے'],
  ])('in %s, form %s', (tag, form, expected) => {
    expect(COUNTS.map((count) => say(tag, count * HOUR_MS, form)).join('|')).toBe(expected)
  })

  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [30 * SECOND_MS, '30 seconds'],
    [60 * SECOND_MS, '1 minute'],
    [90 * SECOND_MS, '90 seconds'],
    [90 * MINUTE_MS, '90 minutes'],
    [60 * MINUTE_MS, '1 hour'],
    [72 * HOUR_MS, '72 hours'],
    [1_000 * HOUR_MS, '1000 hours'],
  ])('are chosen so that nothing is rounded off: %d ms are %s', (ms, expected) => {
    expect(say('en', ms)).toBe(expected)
  })
})

describe.each(EACH)('durations in %s', (_tag, language) => {
  it('are said with Latin digits, in all forms, with nothing left open', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 5_000 }),
        fc.constantFrom(...UNITS),
        (count, unitMs) => {
          fc.pre(unitMs === HOUR_MS || count % 60 !== 0)
          for (const said of Object.values(durationParts(language, { time: count * unitMs }))) {
            expect(said).toMatch(new RegExp(`(?<!\\p{Nd})${count}(?!\\p{Nd})`, 'u'))
            expect(said).not.toMatch(/[{}\u202f]|undefined/)
            expect(said.trim()).toBe(said)
          }
        },
      ),
    )
  })

  it('cost an SMS no other alphabet', () => {
    for (const unitMs of UNITS) {
      for (const count of COUNTS) {
        const said = Object.values(smsDurations({ time: count * unitMs }, language)).join('')
        const foreign = [...said].filter((one) => !isGsm7Basic(one))
        if (language.encoding === 'GSM-7') expect(foreign).toEqual([])
        expect(said).not.toMatch(/[\u00a0\u200e\u200f\u202a-\u202f\u2066-\u2069]/u)
      }
    }
  })

  it('are asked for in forms that the language has', () => {
    const forms = Object.values(sentencesOf(language)).flatMap((text) =>
      [...text.matchAll(/\{\w+\.(\w+)\}/g)].map((match) => match[1]),
    )
    const { plain: _plain, ...named } = language.durations
    expect([...new Set(forms)].sort()).toEqual(Object.keys(named).sort())
  })

  it('stand in no sentence as a number', () => {
    const found = Object.entries(sentencesOf(language))
      .filter(([key]) => !ORDINALS_AND_LENGTHS.has(key))
      .filter(([, text]) => saysNumber(text))
    expect(found).toEqual([])
  })

  it('stand in no sentence as a word', () => {
    const found = Object.entries(sentencesOf(language)).flatMap(([key, text]) =>
      timeWordsIn(text, language)
        .map((word) => `${key}: ${word}`)
        .filter((one) => !isNoDuration(language.tag, one)),
    )
    expect(found).toEqual([])
  })
})

describe('the search for durations in sentences', () => {
  it.each([
    ['en', 'It works once, within five minutes. Go back to {exchange}.', 'minutes'],
    ['en', 'The number gets every alert for three days.', 'days'],
    ['en', 'Withdrawals are stopped for a week.', 'week'],
    ['en', 'Withdrawals are stopped for two months.', 'months'],
    ['cs', 'Číslo dostává každé upozornění ještě tři dny.', 'dny'],
    ['cs', 'Odkaz platí dvacet čtyři hodin.', 'hodin'],
    ['de', 'Er gilt einmal und fünf Minuten lang.', 'minuten'],
    ['de', 'Auszahlungen sind vierundzwanzig Stunden lang gestoppt.', 'stunden'],
    ['de', 'Sie gilt einen Tag.', 'tag'],
    ['de', 'Sie endet nach drei Tagen.', 'tagen'],
    ['de', 'Nach zwei Wochen wird alles gelöscht.', 'wochen'],
    ['de', 'Eine zweiwöchige Frist beginnt.', 'zweiwöchige'],
    ['de', 'Alles bleibt drei Monate.', 'monate'],
    ['el', 'Ισχύει είκοσι τέσσερις ώρες.', 'ώρες'],
    ['el', 'Οι αναλήψεις αναστέλλονται για ένα εικοσιτετράωρο.', 'εικοσιτετράωρο'],
    ['es', 'El número recibe cada aviso durante tres días.', 'días'],
    ['es', 'Los retiros se detienen un dia.', 'dia'],
    ['fr', 'Les retraits sont arrêtés pendant deux semaines.', 'semaines'],
    ['fr', 'Il est valable un jour.', 'jour'],
    ['it', 'Vale un’ora.', 'un’ora'],
    ['it', 'I prelievi restano sospesi per tre giorni.', 'giorni'],
    ['pt', 'Os saques ficam parados por um dia.', 'dia'],
    ['nl', 'Opnames zijn een etmaal gestopt.', 'etmaal'],
    ['nl', 'Hij is drie dagen geldig.', 'dagen'],
    ['pl', 'Działa raz, przez godzinę.', 'godzinę'],
    ['pl', 'Wypłaty są wstrzymane na dobę.', 'dobę'],
    ['pl', 'Przez trzy dni i tydzień dłużej.', 'dni'],
    ['ro', 'Retragerile se suspendă pentru o săptămână.', 'săptămână'],
    ['ru', 'Она работает один раз в течение пяти минут.', 'минут'],
    ['ru', 'Ссылка действует один день.', 'день'],
    ['ru', 'Вывод остановлен на сутки.', 'сутки'],
    ['ru', 'Вывод остановлен на двадцать четыре часа.', 'часа'],
    ['ru', 'Через две недели всё удаляется.', 'недели'],
    ['uk', 'виведення коштів зупиняється на добу, або 24 години', 'години'],
    ['uk', 'виведення коштів зупиняється на добу', 'добу'],
    ['uk', 'Номер отримує все ще три дні.', 'дні'],
    ['tr', 'Beş dakika içinde bir kez çalışır.', 'dakika'],
    ['tr', 'Para çekme bir gün durdurulur.', 'gün'],
    ['tr', 'İki hafta geçerlidir.', 'hafta'],
    ['hu', 'A kifizetések egy napra leállnak.', 'napra'],
    ['hu', 'Öt percig érvényes.', 'percig'],
    ['id', 'Penarikan dihentikan selama sehari.', 'sehari'],
    ['id', 'Berlaku tiga hari.', 'hari'],
    ['ms', 'Pengeluaran ditahan selama sehari.', 'sehari'],
    ['sw', 'Utoaji pesa husimamishwa kwa siku moja.', 'siku'],
    ['fil', 'Ihihinto ang withdrawal nang isang araw.', 'araw'],
    ['ur', 'رقم نکلوانا چوبیس گھنٹے کے لیے معطل ہے۔', 'گھنٹے'],
    ['ur', 'یہ کوڈ دو ہفتوں تک کارآمد ہے۔', 'ہفتوں'],
    ['vi', 'Việc rút tiền dừng trong một ngày.', 'ngày'],
    ['vi', 'Có hiệu lực hai tuần.', 'tuần'],
    ['ar', 'يعمل مرة واحدة خلال خمس دقائق.', 'دقائق'],
    ['ar', 'يتوقف السحب ليوم واحد.', 'ليوم'],
    ['ar', 'يتوقف السحب ثلاثة أيام.', 'أيام'],
    ['fa', 'برداشت سه روز متوقف است.', 'روز'],
    ['fa', 'تا دو هفته معتبر است.', 'هفته'],
    ['he', 'המשיכות מוקפאות לעשרים וארבע שעות.', 'שעות'],
    ['he', 'הקוד בתוקף יומיים.', 'יומיים'],
    ['hi', 'यह पाँच मिनट के भीतर एक बार काम करता है।', 'मिनट'],
    ['hi', 'निकासी एक दिन के लिए रुकी है।', 'दिन'],
    ['bn', 'উত্তোলন চব্বিশ ঘণ্টার জন্য স্থগিত।', 'ঘণ্টার'],
    ['bn', 'দুই সপ্তাহ কার্যকর।', 'সপ্তাহ'],
    ['sv', 'Uttag stoppas i ett dygn.', 'dygn'],
    ['sv', 'Den gäller i fem minuter.', 'minuter'],
    ['th', 'ใช้ได้ครั้งเดียวภายในห้านาที กลับไปที่ {exchange}', 'นาที'],
    ['th', 'หยุดการถอนหนึ่งวัน', 'วัน'],
    ['ja', 'リンクは五分以内に一度だけ使えます。', '分'],
    ['ja', '出金を三日間止めます。', '日'],
    ['ja', '一週間有効です。', '週'],
    ['ko', '출금이 하루 동안 중지됩니다.', '하루'],
    ['ko', '출금이 3일 동안 중지됩니다.', '3일'],
    ['ko', '출금이 스물네 시간 동안 중지됩니다.', '네 시간'],
    ['ko', '이 주 동안 유효합니다.', '이 주'],
    ['ko', '번호는 일주일 동안 알림을 받습니다.', '일주'],
    ['zh-Hans', '提现将停止一天。', '天'],
    ['zh-Hans', '链接两周内有效。', '周'],
    ['zh-Hans', '三个月后删除。', '月'],
    ['zh-Hant', '連結僅可使用一次，五分鐘內有效。', '分鐘'],
    ['zh-Hant', '提領將停止二十四小時。', '小時'],
    ['zh-Hant', '提領將停止三日。', '日'],
    ['zh-Hant', '兩個星期後刪除。', '星期'],
    ['zh-Hant-HK', '提款將停止三日。', '日'],
  ])('finds it in %s: %s', (tag, text, word) => {
    expect(timeWordsIn(text, chooseLanguage([tag]))).toContain(word)
  })

  it.each(EACH)('knows all that the runtime and we ourselves call them: %s', (_tag, language) => {
    const own = UNITS.flatMap((unitMs) =>
      COUNTS.flatMap((count) => Object.values(durationParts(language, { time: count * unitMs }))),
    )
    const others = ['day', 'week', 'month', 'year'].flatMap((unit) => {
      const format = new Intl.NumberFormat(language.intl, {
        style: 'unit',
        unit,
        unitDisplay: 'long',
      })
      return COUNTS.map((count) => format.format(count))
    })
    const unheard = [...own, ...others].filter((text) => timeWordsIn(text, language).length === 0)
    expect(unheard).toEqual([])
  })

  it.each([
    'for 24 hours',
    '२४ घंटे',
    '٢٤ ساعة',
    '۲۴ ساعت',
    '๒๔ ชั่วโมง',
    '２４時間',
    '½ Tag',
    'within {life}, or 5',
  ])('finds the number in %s', (text) => {
    expect(saysNumber(text)).toBe(true)
  })

  it.each(['for {hold}', 'like +44 7400 123456', 'like 7K3Q'])('finds none in %s', (text) => {
    expect(saysNumber(text)).toBe(false)
  })
})

const UNITS = [HOUR_MS, MINUTE_MS, SECOND_MS]

/** “2nd session”, and how many digits a code has. Durations in them are found by their words. */
const ORDINALS_AND_LENGTHS = new Set([
  'alert.shortParallel',
  'lock.codeHint',
  'portal.number.codeLabel',
  'portal.number.codeIncomplete',
  'portal.common.totpHint',
])

/** Sentences that name a unit without being about a fixed duration, in whatever language. */
const NO_DURATION = [
  // “within seconds”
  'portal.number.notBound',
  // Measured and filled in where they are shown, beside an abbreviation.
  'portal.hold.remaining',
  'portal.drill.accepted',
  'portal.drill.delivered',
  // “the clock of your phone” is the word for hour in many.
  'portal.common.totpRefused',
]

/** By language and key: what looks like a unit and is another word. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  // “give”
  bn: ['alert.replyAlone: দিন', 'portal.push.blocked: দিন', 'portal.drill.practise: দিন'],
  // “measure the time”
  fil: ['coolingOff.planText: oras', 'portal.drill.intro: oras'],
  // The same; “tell apart”.
  ja: ['coolingOff.planText: 日', 'portal.drill.intro: 時間', 'portal.settings.phraseHint: 分'],
  ko: ['portal.drill.intro: 시간'],
  // “never”; “in a moment”
  vi: ['lock.noPassword: giờ', 'portal.common.never: giờ', 'lock.unrecorded: giây'],
}

function isNoDuration(tag: string, found: string): boolean {
  // The label of a list of numbers: how long it is to be, the owner says.
  if (found.startsWith('coolingOff.planDays: ')) return true
  if (NO_DURATION.some((key) => found.startsWith(`${key}: `))) return true
  return (OTHER_WORDS[tag] ?? []).includes(found)
}
