import type { ActionAnswer } from '../ActionCall.js'

/** A recorded success; a test says what matters to it. */
export function anActionAnswer(fields: Partial<ActionAnswer> = {}): ActionAnswer {
  const told = { replayed: false, recorded: true, retryAfterMs: null, ref: null, fingerprintUnknown: false, reason: null }
  return { status: 200, body: '{"success":true}', ...told, ...fields }
}
