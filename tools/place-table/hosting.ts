// Decides from an AS number and its organisation's name whether a network looks like a data centre
// and what to call it. A heuristic on names: it cannot see what a single address is used for.
import { HOSTING_BEGINNINGS } from './hosting-beginnings.ts'
import { HOSTING_NAMES, HOSTING_NUMBERS, NOT_HOSTING_NUMBERS } from './providers.ts'

/** Longest name shown; an SMS has no room for more. */
export const LONGEST_NAME = 24

// Words of the trade. "Observer" and "Wasserverband" are no server, "Echostar", "hostel" and the
// province of Khost no host, St. Cloud no cloud, "Colombia" no colo.
const HOSTING_WORDS =
  /(?<!ec|\bk)host(?!el\b|els\b|al\b|ile)|(?<!st\. |saint[ -])cloud|data ?-?cent(?:er|re|rum)|\bvps|vps\b|(?<!ob|con|was)server|coloc|colo\b|\bcolo\d|\bdedicated\b|\bidc\b|\bcdn|cdn\b|vpn\b/

// Words of those who connect people, which outweigh a "cloud" or "host" in the same name.
const ACCESS_WORDS =
  /banda larga|multimidia|provedor|broadband|telecom|wi-?fi|wireless|cable|fib(?:er|re|ra)\b|\bisp\b|universi|school|college|hospital|bank\b|insurance|ministry|government|police|\bstate of|\bcity of/

/** Short ASCII name of the data-centre network, or null when it does not look like one. */
export function hostingName(asn: number, organisation: string): string | null {
  const known = HOSTING_NUMBERS.get(asn)
  if (known !== undefined) return known
  if (NOT_HOSTING_NUMBERS.has(asn)) return null
  const lower = organisation.toLowerCase()
  const named = HOSTING_NAMES.find(([pattern]) => pattern.test(lower))
  if (named !== undefined) return named[1]
  const isListed = HOSTING_BEGINNINGS.some((beginning) => lower.startsWith(beginning))
  const isWorded = HOSTING_WORDS.test(lower) && !ACCESS_WORDS.test(lower)
  return isListed || isWorded ? shortenName(organisation) || null : null
}

const TRADING_AS = /^.*\b(?:trading as|doing business as|dba|t\/a)\s+/i
const LEGAL_FORM = new RegExp(
  `[\\s,]+(?:${[
    'inc|llc|l\\.l\\.c|llp|lp|ltd|limited|ltda|co|corp|corporation|company|plc|pvt|private|pte|pty',
    'proprietary|gmbh|ag|ug|kg|e\\.?k|mbh|b\\.?v|n\\.?v|vof|s\\.?a|s\\.?a\\.?s|sasu|sarl|s\\.?r\\.?l|srls',
    's\\.?p\\.?a|s\\.?l|slu|s\\.?l\\.?u|s\\.?r\\.?o|a\\.?s|d\\.?o\\.?o|sp\\.? z\\.? ?o\\.? ?o|zrt|kft|oy|ab|aps|as|ou|uab|sia',
    'eireli|me|epp|sdn|bhd|k\\.?k|fzco|fz-llc|fze|jsc|cjsc|pjsc|ood|eood|ad|lda|a/s|cc',
    'group|holding|holdings|s\\.?a\\.? de c\\.?v|kabushiki kaisha',
  ].join('|')})\\.?$`,
  'i',
)
const LEADING_FORM =
  /^(?:limited liability company|llc|ooo|ooo\.|uab|sia|pt|cv|jsc|cjsc|pjsc|llp|pe|fop|zao|the)\s+/i

/** Legal forms, brackets and accents off; capitals tamed; cut at a word. */
export function shortenName(organisation: string): string {
  let name = organisation
    .normalize('NFKD')
    .replace(TRADING_AS, '')
    .replace(/\([^)]*\)?/g, ' ')
    .replace(/_/g, ' ')
    .replace(/[^A-Za-z0-9 .,&+'/-]/g, '')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(LEADING_FORM, '')
  for (let before = ''; before !== name; ) {
    before = name
    name = name.replace(LEGAL_FORM, '').replace(/[\s.,&/'+-]+$/, '')
  }
  name = name.split(' ').map(tameCapitals).join(' ')
  if (name.length <= LONGEST_NAME) return name
  const cut = name.slice(0, LONGEST_NAME + 1)
  const lastSpace = cut.lastIndexOf(' ')
  const whole = lastSpace > 0 ? cut.slice(0, lastSpace) : name.slice(0, LONGEST_NAME)
  return whole.replace(/(?:\s+(?:and|for|of|de|da|di|die|en|e|y|i|ve))?[\s.,&/'+-]*$/i, '')
}

/** SHOUTED words of more than four letters read better as Names. */
function tameCapitals(word: string): string {
  return /^[A-Z]{5,}$/.test(word) ? word.charAt(0) + word.slice(1).toLowerCase() : word
}
