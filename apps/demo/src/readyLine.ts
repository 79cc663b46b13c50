/** The one line that says that everything runs and what to try. */
export function readyLine(url: string): string {
  return `Ready: ${url}  Open it in two tabs, one as Ana and one as Ben; confirm an appointment in one and watch the other, or "Break something". Ctrl-C stops.`
}
