// Which facts of a login stand in a finished text: read out of the text, not out of what the composer says of it.

import type { AlertFacts } from '../../../src/alert/facts.ts'
import { fillClock } from '../../../src/alert/fill.ts'
import { networkWord } from '../../../src/alert/network-words.ts'
import { formatNumbers } from '../../../src/alert/numbers.ts'
import { transliterate } from '../../../src/alert/transliterate.ts'
import { countryName } from '../../../src/words/country-name.ts'
import type { Language } from '../../../src/words/language.ts'

/** The weightiest first: a fact is never told at the cost of one before it. */
export const FACTS_BY_WEIGHT = [
  'login',
  'second session',
  'withdrawals wait',
  'data centre or relay',
  'new device',
  'new country',
  'how many',
  'country',
  'city',
  'device',
  'anti-phishing code',
  'IP',
] as const
export type Fact = (typeof FACTS_BY_WEIGHT)[number]

/** What a login is called, in one or several. */
const LOGIN: Readonly<Record<string, RegExp>> = {
  en: /login/,
  ar: /^(?:عمليات )?دخول/,
  bn: /লগইন/,
  cs: /prihlaseni/,
  de: /Login/,
  el: /σύνδεση|συνδέσεις/,
  es: /accesos?/,
  fa: /^ورود/,
  fil: /login/,
  fr: /connexion/,
  he: /^כניס(?:ה|ות)/,
  hi: /लॉगिन/,
  hu: /belépés/,
  id: /login/,
  it: /access[oi]/,
  ja: /ログイン/,
  ko: /로그인/,
  ms: /log masuk/,
  nl: /login/,
  pl: /logowanie/,
  pt: /acesso/,
  'pt-PT': /acesso/,
  ro: /conectar[ei]/,
  ru: /вход/,
  sv: /inloggning/,
  sw: /kuingia/,
  th: /เข้าระบบ/,
  tr: /giris/,
  uk: /вх[іо]д/,
  ur: /^لاگ ان/,
  vi: /dang nhap/,
  'zh-Hans': /登录/,
  'zh-Hant': /登入/,
  'zh-Hant-HK': /登入/,
}

/** Of a digest in full words, in which `newDevice` does not stand. */
const NEW_DEVICES: Readonly<Record<string, RegExp>> = {
  en: /new devices/,
  ar: /أجهزة جديدة/,
  bn: /নতুন ডিভাইসে/,
  cs: /nova zarizeni/,
  de: /neue Geräte/,
  el: /νέες συσκευές/,
  es: /dispositivos nuevos/,
  fa: /دستگاه جدید/,
  fil: /bagong device/,
  fr: /nouveaux appareils/,
  he: /מכשירים חדשים/,
  hi: /नए डिवाइस/,
  hu: /uj eszköz/,
  id: /perangkat baru/,
  it: /dispositivi nuovi/,
  ja: /新端末/,
  ko: /새 기기/,
  ms: /peranti baharu/,
  nl: /nieuwe apparaten/,
  pl: /nowe urzadzenia/,
  pt: /dispositivos novos/,
  'pt-PT': /dispositivos novos/,
  ro: /dispozitive noi/,
  ru: /новые устройства/,
  sv: /nya enheter/,
  sw: /vifaa vipya/,
  th: /เครื่องใหม่/,
  tr: /yeni cihaz/,
  uk: /нові пристрої/,
  ur: /نئی ڈیوائسز/,
  vi: /thiet bi moi/,
  'zh-Hans': /新设备/,
  'zh-Hant': /新裝置/,
  'zh-Hant-HK': /新裝置/,
}

/** The facts of `facts` that `text` does not tell. */
export function factsMissing(text: string, facts: AlertFacts, language: Language): readonly Fact[] {
  const { alert, tag, intl, encoding } = language
  const spell = (name: string) => (encoding === 'GSM-7' ? transliterate(name) : name)
  const { mergedNumbers } = facts
  const has = (part: string | null) => part === null || text.includes(part)
  const told: Readonly<Record<Fact, boolean>> = {
    login: LOGIN[tag]?.test(text) === true,
    'second session': !facts.isParallel || has(alert.parallel) || has(alert.shortParallel),
    'withdrawals wait':
      facts.holdUntil === null ||
      (has(language.coolingOff.sms.replace(/\{time\}.*$/s, '').trim()) &&
        has(fillClock(facts.holdUntil, language).replace(' UTC', ''))),
    'data centre or relay': facts.hosting === null || has(networkWord(facts.hosting, alert)),
    'new device':
      !facts.isNewDevice || has(alert.newDevice) || NEW_DEVICES[tag]?.test(text) === true,
    'new country': !facts.isNewCountry || has(alert.newCountry),
    'how many':
      mergedNumbers.length === 1 ||
      (new RegExp(`(?<!\\d)${mergedNumbers.length}(?!\\d)`).test(text) &&
        has(formatNumbers(mergedNumbers, alert.numberMark))),
    country: facts.country === null || has(spell(countryName(facts.country, intl) ?? '')),
    city: has(facts.city),
    device: has(facts.browser) && has(facts.os),
    'anti-phishing code': has(facts.phrase),
    IP: has(facts.ipTail),
  }
  return FACTS_BY_WEIGHT.filter((fact) => !told[fact])
}
