/** What each header says. A test holds its names equal to the contracts'. */
export const HEADER_MEANINGS = {
  'Idempotency-Key':
    'The identity of the click, 20 to 128 characters. Echoed on every answer, errors included: an answer without it did not come from this API.',
  'Idempotent-Replayed': '`true`: these are the bytes of an earlier answer to this key.',
  'Idempotency-Outcome': '`recorded`: the answer comes from the ledger or its window, and will be the same next time.',
  'Idempotency-Retention': 'How long the ledger remembers a key, in seconds.',
  'Mutation-Created-At': 'When the click happened by the client’s clock, in epoch ms.',
  'Mutation-Sent-At':
    'When this attempt left by the same clock. The difference of the two is the age of the click, whatever the clock shows.',
  'Mutation-Expires-After': 'Lowers the time for which the click is wanted, in ms. It never raises it.',
  'Mutation-Actor': 'Who clicked. The server refuses the request when somebody else is signed in.',
  'Mutation-Attempt':
    'Which attempt this is, from 1. Only a hint: a first one need not be looked for among finished answers, and the ledger decides anyway.',
  'Contracts-Version': 'Which version of the shared words a side speaks.',
  'SMS-Breaker': 'The state of the SMS circuit breaker, on answers that have to do with SMS.',
  'Retry-After': 'Whole seconds until it is worth trying again.',
  'X-Request-Id': 'Names one request in the logs.',
}
