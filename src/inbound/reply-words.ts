// What may stand beside a code in a text that means to lock, in the languages of our texts. Closed lists: a word that is
// not here may turn the sentence around, and no list of negations is ever complete. So none of these may negate, undo
// (unlock) or be a part of such a word; what denies the login ("it was not me") is listed as a whole.

/** The word of our own texts first. */
const LOCK_WORDS = `LOCK BLOCK FREEZE SPERREN SPERRE BLOQUEAR BLOQUEA BLOQUEE BLOQUER BLOQUEZ BLOQUE VERROUILLER
  BLOCCA BLOCCARE BLOCCATE BLOQUEIE BLOQUEIA TRAVAR BLOCAȚI BLOCHEAZĂ BLOCARE BLOKKEREN BLOKKEER VERGRENDEL ZABLOKUJ BLOKUJ KİLİTLE KİLİTLEYİN
  ZABLOKOVAT ZABLOKUJTE ZABLOKOVÁNÍ ZÁROLÁS ZÁROLJA ZÁROLD ZÁROLNI ΚΛΕΙΔΩΜΑ ΚΛΕΙΔΩΣΤΕ ΚΛΕΙΔΩΣΕ SPÄRRA
  KHÓA KUNCI BLOKIR ZUIA ЗАБЛОКИРОВАТЬ ЗАБЛОКИРУЙТЕ ЗАБЛОКИРУЙ БЛОКИРОВАТЬ БЛОК ЛОК ЗАБЛОКУВАТИ ЗАБЛОКУЙТЕ ЗАБЛОКУЙ
  اقفل أقفل قفل لاک लॉक লক נעל נעלו לנעול נעילה לנעילה ล็อก ล็อค บล็อก ロック 잠금 잠가 锁定 锁 冻结 鎖定 鎖 凍結`

/** Beside a code, whether or not a word above stands there; so is what a code is called. */
const AROUND = `PLEASE PLS PLZ THE NOW HERE HI HELLO URGENT URGENTLY IMMEDIATELY ASAP WITH AND
  BITTE DER LAUTET JETZT SOFORT SCHNELL HIER HALLO MIT
  POR FAVOR EL AHORA YA AQUÍ HOLA URGENTE
  SVP STP LE VOICI MAINTENANT VITE BONJOUR
  FAVORE PER IL ORA SUBITO ECCO CIAO
  O AGORA JÁ AQUI OLÁ
  AUB ALSJEBLIEFT ALSTUBLIEFT DE DIRECT HIER
  VĂ ROG ACUM IMEDIAT BUNĂ ZIUA
  PROSZĘ TERAZ NATYCHMIAST
  LÜTFEN ŞİMDİ HEMEN
  NGAY
  SILA MINTA
  TOLONG MOHON SEKARANG SEGERA
  TAFADHALI SASA HARAKA
  PAKI PAKIUSAP ANG NGAYON PO
  PROSÍM TEĎ HNED OKAMŽITĚ
  KÉREM A MOST AZONNAL SÜRGŐS
  ΠΑΡΑΚΑΛΩ Ο ΤΩΡΑ ΑΜΕΣΩΣ ΕΠΕΙΓΟΝ
  SNÄLLA LÅS OMEDELBART
  ПОЖАЛУЙСТА ВОТ СЕЙЧАС СРОЧНО ЗДРАВСТВУЙТЕ
  ОСЬ ЗАРАЗ НЕГАЙНО ТЕРМІНОВО
  رجاء الآن فورا
  لطفا الان فوری
  कृपया प्लीज़ अभी तुरंत
  براہ کرم پلیز ابھی فوراً
  অনুগ্রহ দয়া করে প্লিজ এখন এখনই
  בבקשה נא עכשיו מיד
  กรุณา โปรด ช่วย เดี๋ยวนี้ ทันที ด้วย ครับ ค่ะ
  を ください 下さい お願いします お願い 今すぐ すぐに
  지금 바로 부탁합니다 부탁드립니다
  请 請 立即 马上 馬上 现在 現在`

/** What says whose or that it is: "mine 7K3Q" may be the login that was the owner's. Beside LOCK or what a code is called only. */
const OWN = `MY IS MEIN IST MI ES MON EST MIO È MEU É MIJN MEU ESTE MÓJ JEST BENİM CỦA TÔI IALAH SAYA ADALAH WANGU HUU
  AKING KO AY MŮJ JE ΜΟΥ ΕΙΝΑΙ MIN ÄR МОЙ ЭТО МІЙ ЦЕ هو من است این मेरा है यह میرا ہے یہ আমার হলো এটি שלי הוא
  ของฉัน ของผม คือ は です 私の 입니다 이에요 我的 是 为 為`

/** What a code is called. */
const CODE_WORDS = `CODE CÓDIGO CODICE KOD KODUM KODU MÃ KODE KODENYA CODUL MSIMBO KÓD KÓDOM ΚΩΔΙΚΟΣ KODEN КОД
  الرمز رمزي رمز الكود كود کد کدم कोड کوڈ কোড הקוד קוד รหัส โค้ด コード 코드는 코드 제코드 내코드
  代码 代碼 验证码 驗證碼`

/** Of several words, or of one in a script without spaces; also what thanks or greets in two. */
const PHRASES = [
  'i-lock',
  "s'il vous plaît",
  "s'il te plaît",
  'làm ơn',
  'vui lòng',
  'mã của tôi là',
  'mã là',
  // Alone, “nu” is “now” in Dutch and “not” in Romanian, “ni” is “is” in Swahili and “nor” in Spanish and French.
  'blokkeer nu',
  'nu blokkeren',
  'msimbo ni',
  'msimbo wangu ni',
  'to jest',
  'kod to',
  'будь ласка',
  'من فضلك',
  // It was not me.
  'it was not me',
  "it wasn't me",
  'it wasnt me',
  "it's not me",
  'it is not me',
  'this was not me',
  "this wasn't me",
  'that was not me',
  "that wasn't me",
  'not me',
  'i did not do this',
  "i didn't do this",
  'das war ich nicht',
  'ich war es nicht',
  'ich war das nicht',
  'war ich nicht',
  'nicht ich',
  'no fui yo',
  'no he sido yo',
  'no soy yo',
  "ce n'est pas moi",
  "c'est pas moi",
  "ce n'était pas moi",
  'pas moi',
  'non sono io',
  'non ero io',
  'non sono stato io',
  'non sono stata io',
  'não fui eu',
  'não sou eu',
  'não era eu',
  'ik was het niet',
  'dat was ik niet',
  'ben ik niet',
  'nu am fost eu',
  'nu sunt eu',
  'nu eu',
  'to nie ja',
  'nie ja',
  'to nie byłem ja',
  'to nie byłam ja',
  'ben değilim',
  'ben değildim',
  'bu ben değilim',
  'ben yapmadım',
  'to nejsem já',
  'nejsem to já',
  'to jsem nebyl já',
  'to jsem nebyla já',
  'nem én voltam',
  'nem én vagyok',
  'ez nem én voltam',
  'δεν ήμουν εγώ',
  'δεν είμαι εγώ',
  'όχι εγώ',
  'det var inte jag',
  'inte jag',
  'det är inte jag',
  'không phải tôi',
  'bukan saya',
  'ini bukan saya',
  'itu bukan saya',
  'si mimi',
  'sio mimi',
  'hindi ako',
  'hindi ako ito',
  'hindi ako iyon',
  'это не я',
  'это был не я',
  'это была не я',
  'не я',
  'це не я',
  'це був не я',
  'це була не я',
  'لست أنا',
  'ليس أنا',
  'هذا ليس أنا',
  'لم أكن أنا',
  'من نبودم',
  'من نیستم',
  'این من نبودم',
  'यह मैं नहीं था',
  'यह मैं नहीं थी',
  'मैं नहीं था',
  'मैं नहीं',
  'میں نہیں',
  'یہ میں نہیں',
  'میں نے نہیں کیا',
  'یہ میں نے نہیں کیا',
  'আমি নই',
  'এটা আমি নই',
  'আমি করিনি',
  'এটা আমি করিনি',
  'לא אני',
  'זה לא אני',
  'זה לא הייתי אני',
  'לא ביצעתי',
  'לא נכנסתי',
  'ไม่ใช่ฉัน',
  'ไม่ใช่ผม',
  '私ではありません',
  '私ではない',
  '私じゃない',
  '私じゃありません',
  '身に覚えがありません',
  '身に覚えがない',
  '제가 아닙니다',
  '내가 아닙니다',
  '저 아닙니다',
  '제가 아니에요',
  '본인이 아닙니다',
  '不是我',
  '不是本人',
  '非本人',
]

/** Beside a word above only: alone with a code they might as well say whose login it was. */
const OBJECTS = `ACCOUNT IT ALL EVERYTHING THANKS THANK YOU TO
  KONTO MEINE DAS DEN DANKE
  CUENTA LA GRACIAS
  COMPTE MERCI
  CONTO GRAZIE L
  CONTA MINHA A OBRIGADO OBRIGADA
  CONTUL MULȚUMESC
  HET REKENING BEDANKT
  MOJE DZIĘKUJĘ
  ÚČET ÚČTU MŮJ DĚKUJI
  FIÓK FIÓKOT FIÓKOM FIÓKOMAT KÖSZÖNÖM
  ΛΟΓΑΡΙΑΣΜΟ ΛΟΓΑΡΙΑΣΜΟΣ ΤΟΝ ΕΥΧΑΡΙΣΤΩ
  KONTOT MITT TACK
  HESABI HESABIMI HESAP
  TÀI KHOẢN
  AKUN
  AKAUN TERIMA KASIH
  AKAUNTI YANGU ASANTE
  АККАУНТ СЧЁТ СПАСИБО АКАУНТ РАХУНОК ДЯКУЮ
  حسابي الحساب شكرا حسابم حساب را کن کنید کردن ممنون
  खाता अकाउंट एकाउंट को करें करो दो धन्यवाद
  اکاؤنٹ کو کریں کرو کر دیں شکریہ
  অ্যাকাউন্ট একাউন্ট করুন করো ধন্যবাদ
  את החשבון חשבון חשבוני תודה
  บัญชี ขอบคุณ
  アカウント 口座 して
  계정을 계정 계좌 해주세요
  账户 帳戶 账号 帳號 帐户 帐号 谢谢 謝謝`

function listOf(words: string): readonly string[] {
  return words.split(/\s+/)
}

export const replyWords = {
  lock: listOf(LOCK_WORDS),
  around: listOf(AROUND),
  own: listOf(OWN),
  codes: listOf(CODE_WORDS),
  objects: listOf(OBJECTS),
  phrases: PHRASES,
} as const
