import type { Transport } from '../ports/Transport.js'

/**
 * A transport that tells when the server was reached first: it answered as an API does. The page that a captive
 * portal puts in between is no such answer, and while that is all there is, code cannot be loaded either.
 */
export function noteReached(transport: Transport): { transport: Transport; reached: Promise<void> } {
  let tell = () => {}
  const reached = new Promise<void>((resolve) => {
    tell = resolve
  })
  const send: Transport['send'] = async (request) => {
    const answer = await transport.send(request)
    if (answer.kind === 'answer' && (answer.json !== undefined || answer.status === 404)) tell()
    return answer
  }
  return { transport: { send }, reached }
}
