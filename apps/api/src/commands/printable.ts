/**
 * Text as a terminal may be shown it: ids, reasons and names come from outside, and a control character among them would move
 * the cursor, colour, or hide what an operator reads. Such characters are shown by their code.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
