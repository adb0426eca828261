// STOP, START and HELP, as carriers know them and as people say them in the languages of our texts. Taken where a text says
// nothing else: closed lists, since "do not stop" has the word too, and a quotation of our own SMS names it. What is not
// understood is answered with help, so a word that is missing here costs its sender a second text.

import { foldedWords, runSplitter } from './words-of.ts'

export type Keyword = 'stop' | 'start' | 'help'

/** Words that say nothing else, also with a please around them. */
const PHRASES: Readonly<Record<Keyword, string>> = {
  stop: `STOP, STOPALL, STOP ALL, UNSUBSCRIBE, OPTOUT, OPT OUT, ARRET,
    STOPP, ABMELDEN, ABBESTELLEN, AUFHÖREN, HÖR AUF, HÖREN SIE AUF,
    BAJA, DAR DE BAJA, DARME DE BAJA, PARAR, PARE, DETENER,
    ARRÊTER, ARRÊTEZ, DÉSABONNER, SE DÉSABONNER, DÉSINSCRIRE,
    BASTA, FERMA, FERMARE, DISISCRIVI, DISISCRIVIMI, ANNULLA ISCRIZIONE,
    SAIR, DESCADASTRAR, CANCELAR INSCRIÇÃO,
    STOPPEN, STOP NU, AFMELDEN, UITSCHRIJVEN,
    ZATRZYMAJ, WYPISZ, WYPISZ MNIE, REZYGNUJĘ, PRZESTAŃ, PRZESTAŃCIE,
    İPTAL ET, DUR, DURDUR, DURDURUN, ABONELİKTEN ÇIK,
    DỪNG, DỪNG LẠI, NGỪNG, HỦY ĐĂNG KÝ,
    BERHENTI, HENTIKAN, UNREG, BERHENTI BERLANGGANAN,
    BATAL LANGGANAN, HENTI,
    SITISHA, SIMAMISHA, ACHA, JIONDOE,
    OPREȘTE, OPRIȚI, DEZABONARE, DEZABONEAZĂ, DEZABONAȚI, DEZABONAȚI-MĂ,
    TIGIL, ITIGIL, IHINTO, HINTO,
    ZASTAVIT, ZASTAVTE, PŘESTAŇTE, ZRUŠIT ODBĚR, ODHLÁSIT ODBĚR,
    ÁLLJ, ÁLLJ LE, LEÁLLÍTÁS, LEIRATKOZÁS, LEIRATKOZOM,
    ΣΤΟΠ, ΣΤΑΜΑΤΗΣΤΕ, ΣΤΑΜΑΤΑ, ΑΠΕΓΓΡΑΦΗ,
    STOPPA, SLUTA, AVREGISTRERA, AVPRENUMERERA,
    СТОП, ОТПИСАТЬСЯ, ОТПИСКА, ОТПИШИТЕ, ОТПИШИТЕ МЕНЯ, ОТПИШИСЬ, ПРЕКРАТИТЬ, ПРЕКРАТИТЕ, ХВАТИТ,
    ВІДПИСАТИСЯ, ВІДПИСКА, ВІДПИШІТЬ, ВІДПИШІТЬ МЕНЕ, ПРИПИНИТИ, ПРИПИНІТЬ, ДОСИТЬ,
    توقف, إيقاف, أوقف, أوقفوا, قف, ستوب, إلغاء الاشتراك, متوقف کنید, متوقف شود, استاپ,
    रोकें, रोको, रोकिए, बंद करें, बन्द करें, बंद करो, बंद कीजिए, स्टॉप,
    بند کریں, بند کرو, بند کر دیں, روکیں, روک دیں, روکو, اسٹاپ,
    বন্ধ করুন, বন্ধ করো, বন্ধ করে দিন, থামুন, থামান, স্টপ,
    הסר, הסירו, הסר אותי, הסירו אותי, להסיר, הסרה, הפסק, הפסיקו, להפסיק, עצור, עצרו, די, סטופ,
    หยุด, หยุดส่ง, สต็อป, สต๊อป,
    ストップ, 停止, 配信停止, 停止して, 止めて, やめて,
    중지, 중단, 그만, 수신거부, 수신 거부, 스톱, 스탑,
    退订, 退訂, 停止发送, 停止發送, 取消订阅, 取消訂閱`,
  start: `START, UNSTOP,
    MULA, ANZA, ANZISHA, PORNEȘTE, PORNIȚI,
    STARTEN, ALTA, INICIAR, EMPEZAR, COMENZAR, DÉMARRER, COMMENCER, INIZIA, AVVIA, INICIO, COMEÇAR,
    ZAČÍT, SPUSTIT, INDÍTÁS, INDÍT, ΕΝΑΡΞΗ, ΣΤΑΡΤ, STARTA,
    BAŞLA, BAŞLAT, BẮT ĐẦU, MULAI, SIMULAN, СТАРТ, НАЧАТЬ, ПОЧАТИ, ابدأ, بدء, ستارت, شروع,
    شروع کریں, شروع کرو, چالو کریں, শুরু, শুরু করুন, চালু করুন, স্টার্ট, התחל, התחילו, להתחיל, חידוש, לחדש,
    शुरू, शुरू करें, शुरू करो, स्टार्ट, เริ่ม, สตาร์ท, スタート, 開始, 再開, 시작, 스타트, 开始`,
  help: `HELP, INFO,
    MSAADA, USAIDIZI, AJUTOR,
    HJÄLP, SEGÍTSÉG, ΒΟΗΘΕΙΑ, HILFE, AYUDA, AIDE, AIUTO, AJUDA, HULP, POMOC, YARDIM, TRỢ GIÚP, BANTUAN, TULONG,
    مدد, সাহায্য, হেল্প, עזרה,
    ПОМОЩЬ, ДОПОМОГА, مساعدة, کمک, मदद, ช่วยเหลือ, ヘルプ, 도움말, 帮助, 幫助`,
}

/**
 * Stop as the whole text only, as carriers and markets have it: with "it" or "now" beside them they may mean the login.
 * https://www.ctia.org/the-wireless-industry/industry-commitments/messaging-interoperability-sms-mms
 */
const STOP_ALONE = `CANCEL, END, QUIT, REVOKE, CANCELAR, FIN, KONIEC, İPTAL, RET, HỦY, TỪ CHỐI, TC, إلغاء, لغو, बंद,
  KONEC, VÉGE, ΤΕΛΟΣ, ΔΙΑΚΟΠΗ, بند, منسوخ, বন্ধ, বাতিল, ביטול,
  ยกเลิก, 解除, 取消, TD, T`

/** What may stand around one of them: it asks, greets, thanks, or names what is to stop; it denies and undoes nothing. */
const AROUND = `PLEASE PLS PLZ ME IT THIS THAT THESE THE NOW HI HELLO THANKS THANK YOU SENDING TEXTING TEXTS
  MESSAGES MESSAGE SMS ALERTS ALERT TO FROM
  BITTE MICH DAS JETZT HALLO DANKE NACHRICHTEN MELDUNGEN
  POR FAVOR ME YA ESTO AHORA HOLA GRACIAS MENSAJES AVISOS LOS
  SVP STP MERCI BONJOUR MAINTENANT LES MESSAGES ALERTES MOI
  PER FAVORE GRAZIE CIAO ORA SUBITO MESSAGGI AVVISI I
  OBRIGADO OBRIGADA OLÁ AGORA MENSAGENS
  AUB ALSJEBLIEFT ALSTUBLIEFT MIJ BEDANKT BERICHTEN
  PROSZĘ DZIĘKUJĘ TERAZ WIADOMOŚCI SMSY
  LÜTFEN ŞİMDİ TEŞEKKÜRLER MESAJ MESAJLARI
  LÀM ƠN VUI LÒNG CẢM NGAY TIN NHẮN
  TOLONG MOHON TERIMA KASIH SEKARANG PESAN
  SILA MESEJ
  TAFADHALI ASANTE SASA UJUMBE
  VĂ ROG MULȚUMESC ACUM MESAJE MESAJELE
  PAKI PAKIUSAP PO NA SALAMAT
  PROSÍM DĚKUJI HNED TEĎ ZPRÁVY
  KÉREM KÖSZÖNÖM MOST AZONNAL ÜZENETEK ÜZENETEKET
  ΠΑΡΑΚΑΛΩ ΕΥΧΑΡΙΣΤΩ ΤΩΡΑ ΑΜΕΣΩΣ ΜΗΝΥΜΑΤΑ ΤΑ
  SNÄLLA TACK OMEDELBART MEDDELANDEN
  ПОЖАЛУЙСТА СПАСИБО СЕЙЧАС ЭТО СООБЩЕНИЯ СМС
  БУДЬ ЛАСКА ДЯКУЮ ЗАРАЗ ЦЕ ПОВІДОМЛЕННЯ
  رجاء من فضلك شكرا الآن الرسائل لطفا ممنون پیامک
  कृपया प्लीज़ धन्यवाद अभी संदेश मैसेज
  براہ کرم پلیز شکریہ ابھی پیغام پیغامات الرٹ
  অনুগ্রহ দয়া করে প্লিজ ধন্যবাদ এখন এখনই মেসেজ বার্তা
  בבקשה נא תודה עכשיו הודעות ההודעות
  กรุณา โปรด ช่วย ขอบคุณ ครับ ค่ะ ด้วย ข้อความ
  ください 下さい お願いします 今すぐ メール
  주세요 해주세요 부탁합니다 부탁드립니다 지금 문자
  请 請 谢谢 謝謝 现在 現在 立即 短信 簡訊`

const foldPhrases = (phrases: string) =>
  phrases.split(',').map((phrase) => foldedWords(phrase).join(' '))

const KEYWORDS = new Map(
  (['stop', 'start', 'help'] as const).flatMap((keyword) =>
    foldPhrases(PHRASES[keyword]).map((phrase) => [phrase, keyword] as const),
  ),
)
const ALONE = new Set(foldPhrases(STOP_ALONE))
const AROUND_WORDS = new Set(AROUND.split(/\s+/).flatMap(foldedWords))
const splitRun = runSplitter([...KEYWORDS.keys(), ...AROUND_WORDS])

/** `words` as `wordsOf` finds them; null where they say anything else beside, or two of them. */
export function readKeyword(words: readonly string[]): Keyword | null {
  if (words.length > WORDS_MAX || words.some((word) => word.length > WORD_MAX_LENGTH)) return null
  if (ALONE.has(words.join(' '))) return 'stop'
  const asked = words.flatMap(splitRun)
  const bare = asked.filter((word) => !AROUND_WORDS.has(word))
  return KEYWORDS.get(asked.join(' ')) ?? KEYWORDS.get(bare.join(' ')) ?? repeated(bare)
}

/** Longer, it says more than a keyword. A run without spaces is one word. */
const WORDS_MAX = 10
const WORD_MAX_LENGTH = 30

/** STOP STOP STOP. */
function repeated(words: readonly string[]): Keyword | null {
  const keywords = new Set(words.map((word) => KEYWORDS.get(word) ?? null))
  return keywords.size === 1 ? ([...keywords][0] ?? null) : null
}
