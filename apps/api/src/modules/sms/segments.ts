// GSM 03.38: these cost one septet each, the extension table two. Any other character makes the whole text UCS-2.
const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const GSM_EXTENDED = new Set('^{}\\[~]|€\f')

/** How many SMS a text costs, and in which encoding. */
export interface SegmentCount {
  encoding: 'GSM-7' | 'UCS-2'
  /** Septets for GSM-7, UTF-16 units for UCS-2. */
  units: number
  segments: number
}

/** Counts the segments of a text: GSM-7 160 alone and 153 each in parts, UCS-2 70 and 67. */
export function countSegments(text: string): SegmentCount {
  const septets = gsmSeptets(text)
  if (septets === null) return { encoding: 'UCS-2', units: text.length, segments: parts(text.length, 70, 67) }
  return { encoding: 'GSM-7', units: septets, segments: parts(septets, 160, 153) }
}

function gsmSeptets(text: string): number | null {
  let septets = 0
  for (const character of text) {
    if (GSM_BASIC.has(character)) septets += 1
    else if (GSM_EXTENDED.has(character)) septets += 2
    else return null
  }
  return septets
}

function parts(units: number, alone: number, inParts: number): number {
  return units <= alone ? 1 : Math.ceil(units / inParts)
}
