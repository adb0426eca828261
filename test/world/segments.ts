// How many SMS segments a text takes (3GPP TS 23.038, 23.040): the simulated carriers count on
// their own, so that a wrong count on the sending side shows.

export type SmsEncoding = 'GSM-7' | 'UCS-2'
export type SegmentCount = { readonly encoding: SmsEncoding; readonly segments: number }

const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Characters of the extension table: two septets each. */
const GSM_EXTENDED = new Set('\f^{}\\[~]|€')

/** GSM-7: 160 septets in one segment, 153 each in several. UCS-2: 70 and 67 code units. */
export function countSegments(text: string): SegmentCount {
  const widths: number[] = []
  for (const character of text) {
    if (GSM_BASIC.has(character)) widths.push(1)
    else if (GSM_EXTENDED.has(character)) widths.push(2)
    else
      return {
        encoding: 'UCS-2',
        segments: pack(
          [...text].map((c) => c.length),
          70,
          67,
        ),
      }
  }
  return { encoding: 'GSM-7', segments: pack(widths, 160, 153) }
}

/** A character never straddles two segments. */
function pack(widths: readonly number[], single: number, each: number): number {
  const units = widths.reduce((sum, width) => sum + width, 0)
  if (units <= single) return 1
  let segments = 1
  let used = 0
  for (const width of widths) {
    if (used + width > each) {
      segments += 1
      used = 0
    }
    used += width
  }
  return segments
}
