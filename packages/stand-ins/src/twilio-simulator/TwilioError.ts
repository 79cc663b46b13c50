/** A refusal in Twilio's words: HTTP status, Twilio's code, a sentence. */
export interface TwilioRefusal {
  status: number
  code: number
  message: string
}

/** The codes the simulator can answer with; the sentences are close to Twilio's own. */
export const TWILIO_REFUSALS = {
  20001: { status: 400, message: 'Unknown parameters' },
  20003: { status: 401, message: 'Authenticate' },
  20005: { status: 403, message: 'Account not active' },
  20404: { status: 404, message: 'The requested resource was not found' },
  20429: { status: 429, message: 'Too Many Requests' },
  20500: { status: 500, message: 'An internal server error has occurred' },
  20503: { status: 503, message: 'Service unavailable' },
  21211: { status: 400, message: "Invalid 'To' Phone Number" },
  21212: { status: 400, message: 'Invalid From Number (caller ID)' },
  21408: { status: 400, message: 'Permission to send an SMS has not been enabled for the region indicated by the To number' },
  21602: { status: 400, message: 'Message body is required.' },
  21603: { status: 400, message: "A 'From' phone number is required." },
  21604: { status: 400, message: "A 'To' phone number is required." },
  21606: { status: 400, message: 'The From phone number is not a valid, SMS-capable inbound phone number for your account.' },
  21609: { status: 400, message: 'The StatusCallback URL is not a valid URL.' },
  21610: { status: 400, message: 'Attempt to send to unsubscribed recipient' },
  21611: { status: 429, message: 'This From number has exceeded the maximum number of queued messages' },
  21612: { status: 400, message: "The 'To' phone number is not currently reachable using the 'From' phone number via SMS" },
  21614: { status: 400, message: "'To' number is not a valid mobile number" },
  21617: { status: 400, message: 'The concatenated message body exceeds the 1600 character limit.' },
  21701: { status: 400, message: 'The Messaging Service does not exist' },
  21705: { status: 400, message: 'The Messaging Service is invalid' },
  63038: { status: 400, message: 'Account exceeded the daily messages limit' },
} as const satisfies Record<number, { status: number; message: string }>

export type KnownTwilioCode = keyof typeof TWILIO_REFUSALS

/** The refusal of a known code. */
export function refusal(code: KnownTwilioCode): TwilioRefusal {
  return { code, ...TWILIO_REFUSALS[code] }
}

/** True when the simulator knows which status and sentence go with `code`. */
export function isKnownTwilioCode(code: number): code is KnownTwilioCode {
  return Object.hasOwn(TWILIO_REFUSALS, code)
}

/** The body Twilio sends with a refusal. */
export function refusalBody({ status, code, message }: TwilioRefusal): Record<string, unknown> {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }
}
