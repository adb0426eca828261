// Which texts lock: those about the code and nothing else, in every language. A quotation of our own SMS never does,
// whatever a phone wraps around it.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composeAlert } from '../../../src/alert/compose.ts'
import type { AlertFacts, TextRules } from '../../../src/alert/facts.ts'
import { readReply } from '../../../src/inbound/reply.ts'
import { composeNotice } from '../../../src/notice/notice.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'

const CODE = 'RR4R'

const RULES: readonly TextRules[] = [true, false].flatMap((hasLink) =>
  [true, false].map((canReply) => ({ hasLink, canReply, isNameBarred: false })),
)

/** The least an alert can say: no place, no device, no other session. */
const BARE: AlertFacts = {
  ...USUAL_ALERT,
  country: null,
  city: null,
  hosting: null,
  ipTail: '',
  browser: null,
  os: null,
  deviceName: null,
  isParallel: false,
  phrase: null,
}

const FACTS: readonly AlertFacts[] = [
  { ...USUAL_ALERT, replyCode: CODE },
  { ...BARE, replyCode: CODE },
  { ...BARE, replyCode: CODE, exchangeName: 'Code', phrase: 'please lock now' },
  { ...USUAL_ALERT, replyCode: CODE, mergedNumbers: [7, 8, 9] },
]

/** Those that differ in their facts alone follow each other. */
const ALERTS = LANGUAGES.flatMap((language) =>
  RULES.flatMap((rules) =>
    FACTS.map((facts) => ({ tag: language.tag, text: composeAlert(facts, rules, language).text })),
  ),
)

/** What phones make of a reaction, a quotation or a forward; `%` is the SMS. */
const WRAPPED = [
  '%',
  'Liked “%”',
  'Loved “%”',
  'Disliked “%”',
  'Laughed at “%”',
  'Emphasized “%”',
  'Questioned “%”',
  'Reacted 👍 to “%”',
  'Removed a like from “%”',
  '👍 to “%”',
  '\u200a\u200b👍\u200b to \u201c\u200a%\u200a\u201d\u200a',
  '❤️ “%”',
  '“%”',
  '> %',
  'Fwd: %',
  'Gefällt mir: „%“',
  'Hat „%“ mit 👍 markiert',
  'A aimé « %\u00a0»',
  'Le gustó “%”',
  'Piace: «%»',
  'Curtiu “%”',
  'Vond “%” leuk',
  'Нравится: «%»',
  'Подобається: «%»',
  'Polubiono: „%”',
  '“%” beğenildi',
  'Đã thích “%”',
  'Menyukai “%”',
  'Nagustuhan ang “%”',
  '喜欢“%”',
  '喜歡「%」',
  '「%」に“いいね”しました',
  '‘%’에 공감함',
  'أعجبني «%»',
  '«%» را پسندید',
  '“%” को पसंद किया',
  'ถูกใจ “%”',
  'LOCK?? “%”',
  '% \nNo, it was me',
]

/** Said by people who mean it. */
const PLAIN = [
  'LOCK %',
  'lock %',
  '% LOCK',
  '%',
  '“LOCK %”',
  'LOCK\u00a0%!',
  'Lock: %.',
  'Please lock my account, %',
  'It was not me! LOCK %',
  'my code is %',
  'LOCK % LOCK %',
  '#12 LOCK %',
  'Bitte sperren: %',
  'Das war ich nicht. Code %',
  'Por favor bloquear %',
  'No fui yo, LOCK %',
  'Bloquez mon compte, code %',
  'Ce n’est pas moi % s’il vous plaît',
  'Blocca %',
  'non sono io, il codice è %',
  'Bloqueie minha conta %',
  'não fui eu %',
  'Blokkeer mijn account %',
  'ik was het niet %',
  'Blokkeer nu %',
  'Zablokuj konto, kod %',
  'to nie ja, LOCK %',
  'Zablokujte můj účet, kód %',
  'to nejsem já, LOCK %',
  'Kérem zárolja a fiókomat %',
  'Nem én voltam! LOCK %',
  'Κλειδώστε τον λογαριασμό μου %',
  'δεν ήμουν εγώ, LOCK %',
  'Lås %',
  'det var inte jag, LOCK %',
  'Hesabımı kilitle %',
  'ben değilim, LOCK %',
  'Khóa tài khoản %',
  'không phải tôi, LOCK %',
  'Kunci akaun saya %',
  'ini bukan saya, LOCK %',
  'Zuia akaunti yangu %',
  'si mimi, msimbo wangu ni %',
  'Blocati contul meu %',
  'nu am fost eu, LOCK %',
  'Kunci akun saya %',
  'bukan saya, LOCK %',
  'I-lock ang account ko %',
  'hindi ako, LOCK %',
  'Заблокируйте мой аккаунт, код %',
  'это не я, LOCK %',
  'Заблокуйте мій акаунт, код %',
  'це не я, LOCK %',
  'اقفل حسابي %',
  'لست أنا LOCK %',
  'لطفا حسابم را قفل %',
  'من نبودم LOCK %',
  'कृपया मेरा अकाउंट लॉक करें %',
  'मैं नहीं LOCK %',
  'براہ کرم میرا اکاؤنٹ لاک کریں %',
  'یہ میں نے نہیں کیا LOCK %',
  'অনুগ্রহ করে আমার অ্যাকাউন্ট লক করুন %',
  'আমি করিনি LOCK %',
  'לנעול את החשבון בבקשה %',
  'זה לא אני LOCK %',
  'กรุณาล็อกบัญชีของฉัน %',
  'ไม่ใช่ฉัน LOCK %',
  'アカウントをロックしてください %',
  '私ではありません。コードは%です',
  '계정을 잠금 해주세요 %',
  '제가 아닙니다 LOCK %',
  '请锁定我的账户 %',
  '不是我 LOCK%',
  '請鎖定我的帳戶 %',
]

/** Said by people who do not. */
const DENIALS = [
  'Do not lock, it was me. Code % not needed',
  "don't lock %",
  'no lock %',
  'not %',
  'unlock %',
  'never mind %',
  'it was me %',
  'yes it was me, %',
  'LOCK % is not needed',
  'ignore %',
  'STOP %',
  'nicht sperren %',
  'entsperren %',
  'no bloquear %',
  'desbloquear %',
  'ne bloquez pas %',
  'débloquer %',
  'non bloccare %',
  'sbloccare %',
  'não bloqueie %',
  'niet blokkeren %',
  'nie blokuj %',
  'odblokuj %',
  'neblokovat %',
  'ne zárolja %',
  'μην κλειδώσετε %',
  'lås inte %',
  'kilitleme %',
  'kilitlemeyin %',
  'đừng khóa %',
  'mở khóa %',
  'jangan kunci %',
  'usizuie akaunti %',
  'nu blocati %',
  'buka kunci %',
  'huwag i-lock %',
  'не блокировать %',
  'разблокировать %',
  'не блокуйте %',
  'لا تقفل %',
  'قفل نکنید %',
  'लॉक मत करो %',
  'लॉक न करें %',
  'अनलॉक करें %',
  'لاک نہ کریں %',
  'ان لاک کریں %',
  'লক করবেন না %',
  'আনলক করুন %',
  'আমি করেছি %',
  'לא לנעול %',
  'ביטול נעילה %',
  'อย่าล็อก %',
  'ไม่ต้องล็อก %',
  'ปลดล็อก %',
  'ロックしないでください %',
  'ロック解除 %',
  '잠금하지 마세요 %',
  '잠금 해제 %',
  '不要锁定 %',
  '别锁 %',
  '解锁 %',
  '不要鎖定 %',
  '解鎖 %',
]

const fill = (frame: string, text: string) => frame.replaceAll('%', () => text)

describe('a quotation of our own SMS', () => {
  it('B5 never locks, in any language, form and with any facts', () => {
    for (const { tag, text } of ALERTS) {
      expect([tag, text, readReply(text).kind]).toEqual([tag, text, 'unclear'])
    }
  })

  it('B5 never locks, in any language, form and wrapping', () => {
    for (const [nth, frame] of WRAPPED.entries()) {
      // With the facts in turn: each wrapping has each language and form once, and all facts.
      const alerts = ALERTS.filter(
        (_, at) => at % FACTS.length === (nth + Math.floor(at / FACTS.length)) % FACTS.length,
      )
      const others = alerts.filter(({ text }) => readReply(fill(frame, text)).kind !== 'unclear')
      expect([frame, others]).toEqual([frame, []])
      expect(alerts).toHaveLength(LANGUAGES.length * RULES.length)
    }
  })

  it('B5 never locks with anything around it', () => {
    const around = fc.string({ unit: 'grapheme', maxLength: 30 })
    fc.assert(
      fc.property(around, fc.constantFrom(...ALERTS), around, (before, { text }, after) => {
        expect(readReply(before + text + after).kind).not.toBe('lock')
      }),
      { numRuns: 500 },
    )
  })
})

describe('a plain answer', () => {
  it.each(PLAIN)('B5 locks: %j', (frame) => {
    for (const code of [CODE, '7K3Q', 'rr4r', '٧K٣Q']) {
      const reply = readReply(fill(frame, code))
      expect(reply).toEqual({ kind: 'lock', code: code === '٧K٣Q' ? '7K3Q' : code.toUpperCase() })
    }
  })

  it('B8 locks behind four hundred characters that say nothing else', () => {
    for (const filler of ['please ', ' ', '\n', '.', '👍', '\u200b', 'LOCK ', '請']) {
      const text = filler.repeat(Math.ceil(420 / filler.length))
      expect(readReply(`${text} LOCK ${CODE}`)).toEqual({ kind: 'lock', code: CODE })
    }
  })

  it('B5 is not read out of more than a phone can send', () => {
    expect(readReply(`LOCK ${CODE}${' '.repeat(6_000)}not`)).toEqual({ kind: 'other' })
  })
})

describe('a signature below a reply', () => {
  it.each([
    'Sent from my iPhone',
    'Von meinem iPhone gesendet',
    'Envoyé de mon iPhone',
    'Отправлено с iPhone',
    '发自我的 iPhone',
    'iPhoneから送信',
    '--\nAnna Schmidt\n+49 151 23456789',
  ])('hides neither LOCK and its code nor STOP: %j', (signature) => {
    for (const gap of ['\n', '\r\n', '\n\n', '\u2028']) {
      expect(readReply(`LOCK ${CODE}${gap}${signature}`)).toEqual({ kind: 'lock', code: CODE })
      expect(readReply(`\n锁定 ${CODE}${gap}${signature}`)).toEqual({ kind: 'lock', code: CODE })
      expect(readReply(`STOP${gap}${signature}`)).toEqual({ kind: 'stop' })
    }
  })

  it('makes no lock of a code alone, of a question, or of a quotation in lines', () => {
    for (const text of [
      `${CODE}\nis that the code?`,
      `LOCK ${CODE}?\nAnna`,
      `> LOCK ${CODE}?\nno`,
    ]) {
      expect(readReply(text).kind).not.toBe('lock')
    }
    for (const { text } of ALERTS) {
      expect(readReply(`${text}\nLOCK ${CODE}`).kind).not.toBe('lock')
    }
  })
})

describe('a text of ours', () => {
  it('is never read as STOP, START or HELP, in any language and wrapping', () => {
    const kinds = ['stopped', 'started', 'help', 'wrong_code', 'not_locked'] as const
    const facts = { untilAt: null, isConfirmed: true, code: null, link: null, isNameBarred: false }
    for (const language of LANGUAGES) {
      for (const exchange of ['Stop', 'Start']) {
        for (const kind of kinds) {
          const { text } = composeNotice({ ...facts, kind, exchange }, language)
          for (const frame of WRAPPED.slice(0, 4)) {
            const reply = readReply(fill(frame, text)).kind
            expect([text, ['stop', 'start', 'help', 'lock'].includes(reply)]).toEqual([text, false])
          }
        }
      }
    }
  })
})

describe('a sentence with a code in it', () => {
  it.each(DENIALS)('B5 does not lock: %j', (frame) => {
    expect(readReply(fill(frame, CODE)).kind).toBe('not_alone')
  })

  it('B5 with one word that is not ours does not lock', () => {
    const strange = fc.stringMatching(/^zq[a-zа-яα-ω]{3,10}$/)
    fc.assert(
      fc.property(fc.constantFrom(...PLAIN), strange, (frame, word) => {
        expect(readReply(`${word} ${fill(frame, CODE)}`).kind).not.toBe('lock')
        expect(readReply(`${fill(frame, CODE)} ${word}`).kind).not.toBe('lock')
      }),
    )
  })
})
