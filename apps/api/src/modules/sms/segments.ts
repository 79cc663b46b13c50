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

/**
 * Counts the segments of a text: GSM-7 160 alone and 153 each in parts, UCS-2 70 and 67. A character of two units is never
 * torn apart: one that does not fit any more begins the next part.
 */
export function countSegments(text: string): SegmentCount {
  const characters = [...text]
  const septets = characters.map(septetsOf)
  if (septets.includes(0))
    return count(
      'UCS-2',
      characters.map(({ length }) => length),
      { alone: 70, inParts: 67 },
    )
  return count('GSM-7', septets, { alone: 160, inParts: 153 })
}

/** 0 when the alphabet does not have the character. */
function septetsOf(character: string): number {
  if (GSM_BASIC.has(character)) return 1
  return GSM_EXTENDED.has(character) ? 2 : 0
}

function count(
  encoding: SegmentCount['encoding'],
  costs: readonly number[],
  { alone, inParts }: { alone: number; inParts: number },
): SegmentCount {
  const units = costs.reduce((sum, cost) => sum + cost, 0)
  return { encoding, units, segments: units <= alone ? 1 : partsOf(costs, inParts) }
}

function partsOf(costs: readonly number[], capacity: number): number {
  let parts = 1
  let used = 0
  for (const cost of costs) {
    if (used + cost > capacity) {
      parts += 1
      used = 0
    }
    used += cost
  }
  return parts
}
