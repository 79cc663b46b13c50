/** The line that says that everything runs and where, and under it what to try. */
export function readyLine(url: string): string {
  return [
    `Ready: ${url}`,
    '  - open it in two tabs, one as Ana and one as Ben; confirm an appointment in one and watch the other',
    '  - "Break something" on the page makes Twilio and realtime fail on purpose',
    `  - API reference: ${url}/docs`,
    '  - Ctrl-C stops',
  ].join('\n')
}
