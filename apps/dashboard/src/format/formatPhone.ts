// North America: country, area, exchange, line. Other plans group in ways that only a table of them all knows.
const NORTH_AMERICAN = /^\+1(\d{3})(\d{3})(\d{4})$/

/** "+1 202 555 0123": an E.164 number in groups that can be read aloud, where its plan is known. Pure. */
export function formatPhone(number: string): string {
  return number.replace(NORTH_AMERICAN, '+1 $1 $2 $3')
}
