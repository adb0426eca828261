// What a language calls a second, a minute, an hour, a day, a week, a month and a year, in the forms a sentence
// bends them into. By these durations are found that a sentence says by itself: with whatever number, in
// digits or words (“vierundzwanzig Stunden”, “一天”), or with none (“half an hour”).

import type { Language } from '../../../src/words/language.ts'

/** Words by language tag; `*` stands for any letters, of the word's end or its beginning, `_` for a space. */
const TIME_WORDS: Readonly<Record<string, string>> = {
  en: 'second seconds minute* hour* day days daily weekday* week* fortnight* month* year* *day-long',
  cs: 'sekund* vteřin* minut* hodin* čtvrthodin* půlhodin* den dne dnu dni dnem dny dnů dní dnech dnům *denn* týden týdn* měsíc* měsíčn* rok roku roky roků rocích let letech *letý *roč*',
  de: 'tag tage tags tages tagen *stag *tägig* *täglich* *stund* *stünd* *minut* *minüt* *sekund* *woche* *wöch* *monat* *monate* *jahr* *jähr*',
  el: 'δευτερόλεπτ* δευτερολέπτ* λεπτό λεπτά λεπτού λεπτών τέταρτο ώρα ώρες ώρας ωρών *ωρο *ωρου *ωρη* ημέρ* μέρα μέρες μέρας ημερών *ήμερ* καθημεριν* εβδομάδ* εβδομαδ* βδομάδ* δεκαπενθήμερ* μήνα μήνας μήνες μηνών μηνός μηνιαί* έτος έτη έτους ετών ετήσι* έναν_χρόνο ένα_χρόνο χρόνια χρονών',
  es: 'segundo segundos minuto* hora horas día días dia dias diari* semana* quincena* mes meses mensual* año años',
  fr: 'seconde* minute* heure heures jour jours journée* quotidien* semaine* hebdo* quinzaine mois mensuel* an ans année* annuel*',
  it: "secondo secondi minut* un’ora un'ora mezz’ora mezz'ora mezzora d’ora 1_ora un’altra_ora sola_ora ore orari* giorno giorni giornat* giornalier* settiman* mese mesi mensil* anno anni annual*",
  pt: 'segundo segundos minuto* hora horas dia dias diári* semana* quinzena* mês meses mensal mensais ano anos anual',
  nl: 'seconde* minuut minuten kwartier* uur uren *urig* dag dagen *daagse dagelijks* etma* week weken wekelijks* maand* jaar jaren jaarlijks*',
  pl: 'sekund* minut* kwadrans* godzin* półgodz* dzień dnia dni dniu dniach dniom dniami dzienn* codzienn* dob dobę doba doby dobie dobow* tydzień tygod* miesi* rok roku lat lata latach rocz*',
  'pt-PT':
    'segundo segundos minuto* hora horas dia dias diári* semana* quinzena* mês meses mensal mensais ano anos anual',
  ro: 'secund* minut minute minutul minutele minutelor oră ora ore orei orele orelor semior* zi zile ziua zilei zilele zilelor zilnic* săptămân* saptaman* lună luna luni lunii lunile lunar* an ani anul anului anii anual*',
  ru: 'секунд* минут* час часа часу часов часы часам часах часами *часов* получас* полчаса день дня дню днём днем дни дней дням днях днями *дневн* полдня сутки суток суткам сутках суточн* недел* *недельн* месяц* *месячн* год года году годы годов лет *летн*',
  uk: 'секунд* хвилин* годин* *годинн* півгодини день дня дню днем дні днів дням днях днями денн* щоденн* *доба добу доби добі діб добов* тиждень тижн* місяць місяц* *місячн* рік року роки років роках річн*',
  tr: 'saniye* dakika* saat* gün günü günün güne günde günden günlük günler* gündür hafta* ay ayı ayın aya ayda aydan aylık aylar* yıl* sene*',
  hu: 'másodperc* masodperc* perc* negyedór* félór* óra órá* órák* órán* órás* ora orak oraig orara oranal nap napi napig napja napra napok* naponta hét hetek* hetet heti hetes hétig hétre het hetig hónap* honap* év évek* évet évi éves évig évre ev evig',
  id: 'detik* sedetik menit* semenit jam sejam *berjam hari sehari harian seharian minggu seminggu mingguan pekan sepekan bulan sebulan bulanan tahun setahun tahunan',
  ms: 'saat sesaat minit* seminit jam sejam *berjam hari sehari harian seharian minggu seminggu mingguan bulan sebulan bulanan tahun setahun tahunan',
  sw: 'sekunde dakika saa masaa siku kutwa usiku wiki juma majuma mwezi miezi mwaka miaka',
  fil: 'segundo* minuto* sandali oras* araw* maghapon linggo* lingguh* buwan* taon* *taunan',
  ur: 'سیکنڈ* سیکینڈ* منٹ* گھنٹ* پہر دن دنوں روز روزانہ یومیہ ہفت* مہین* ماہ ماہانہ سال سالوں سالانہ برس*',
  vi: 'giây phút giờ tiếng ngày tuần tháng năm',
  ar: 'ثانية الثانية بثانية ثانيتين ثانيتان ثوان ثواني الثواني دقيقة الدقيقة دقيقتين دقيقتان دقائق الدقائق *ساعة *ساعتين ساعتان *ساعات يوم اليوم ليوم بيوم يوما يومًا يومين يومان أيام الأيام لأيام يومي* *أسبوع* *أسابيع شهر الشهر لشهر شهرا شهرًا شهرين شهران أشهر شهور شهري* سنة السنة لسنة سنتين سنتان سنوات سنوي* عام العام لعام عامين أعوام',
  fa: 'ثانیه* دقیقه* ساعت* روز روزه روزها* روزی روزانه شبانه* هفته* ماه ماهه ماهانه ماه‌ها سال ساله سالانه سال‌ها',
  bn: 'সেকেন্ড* সেকেণ্ড* মিনিট* ঘণ্টা* ঘন্টা* দিন দিনে দিনের দিনভর প্রতিদিন* দৈনিক রোজ সপ্তাহ* মাস মাসে মাসের মাসিক বছর* বর্ষ* প্রহর',
  he: '*שנייה *שניה *שניות *דקה *דקות *שעה *שעות *שעתיים יום היום ליום ביום מיום יומיים ליומיים *ימים יומי* יממה *שבוע *שבועות *שבועיים שבועי* *חודש *חודשים *חודשיים חודשי* *שנה *שנים *שנתיים שנתי*',
  hi: 'सेकंड* सेकेंड* सेकण्ड* मिनट* घंट* घण्ट* दिन दिनों दिनभर रोज* प्रतिदिन हफ़्त* हफ्त* सप्ताह* महीन* माह महीना* साल सालों सालाना वर्ष*',
  sv: 'sekund* minut* timm* halvtimm* kvart* dygn* *dygn *dygns dag dagar dagen dagarna dagars daglig* *dagars veck* fjorton månad* år åren året års årlig* *årig*',
  th: 'วินาที นาที ชั่วโมง ชม. วัน สัปดาห์ อาทิตย์ เดือน ปี',
  ja: '秒 分 時間 半時 日 昼夜 週 月 年',
  'zh-Hans': '秒 分钟 刻钟 小时 钟头 天 日 昼夜 周 星期 礼拜 月 年',
  'zh-Hant': '秒 分鐘 刻鐘 小時 鐘頭 天 日 晝夜 週 周 星期 禮拜 月 年',
  'zh-Hant-HK': '秒 分鐘 刻鐘 小時 鐘頭 天 日 晝夜 週 周 星期 禮拜 月 年',
}

/** One syllable, Sino-Korean, and part of many words: only with a number before it. The others are words. */
const KOREAN =
  /(?:[\d일이삼사오육칠팔구십백천한두세네몇반섯곱덟홉열물]|하루|며칠)\s*(?:초|분|시간|일|주|달|개월|년)(?!지|치|회|부|로|을|의|째|이상)|하루|이틀|사흘|나흘|닷새|열흘|보름|며칠|일주일|한나절|반나절|시간|개월/gu

/** What `text` says of time, as it is written there. */
export function timeWordsIn(text: string, { tag }: Pick<Language, 'tag'>): readonly string[] {
  const own = text
    .replace(/\{[\w.]+\}/g, ' ')
    .normalize('NFC')
    .toLowerCase()
  return [...own.matchAll(patternOf(tag))].map(([found]) => found)
}

/** @throws for a language that has none: add them above. */
function patternOf(tag: string): RegExp {
  if (tag === 'ko') return KOREAN
  const words = TIME_WORDS[tag]
  if (words === undefined) throw new Error(`no words for time in ${tag}`)
  const alternatives = words
    .normalize('NFC')
    .split(' ')
    .map((word) =>
      word.replaceAll('.', '\\.').replaceAll('_', ' ').replaceAll('*', '[\\p{L}\\p{M}]*'),
    )
    .join('|')
  if (/^(ja|th|zh)/.test(tag)) return new RegExp(alternatives, 'gu')
  return new RegExp(`(?<![\\p{L}\\p{M}])(?:${alternatives})(?![\\p{L}\\p{M}])`, 'gu')
}

/** In digits of whatever script; parts that are filled in, example numbers and the example code aside. */
export function saysNumber(text: string): boolean {
  return /\p{N}/u.test(text.replace(/\{[\w.]+\}|\+\d[\d\s-]+\d|7K3Q/g, ''))
}
