import type { TwilioConfig } from './smsSettings.js'
import { CALLBACK_RETRIES } from './statusCallbackUrl.js'
import { twilioSdk } from './twilioSdk.js'

/** Whether Twilio signed this request. */
export type CheckTwilioSignature = (request: {
  signature: string
  /** As received, below where the API is mounted; query included. */
  pathAndQuery: string
  params: Readonly<Record<string, unknown>>
}) => boolean

/**
 * Makes the check with the SDK's validator over the configured public URL: a URL built from `Host`
 * would be the caller's own choice. The previous token stays valid while a token is being rotated.
 * Without an account or a public URL nothing passes. The fragment that asks for retries is no part of what Twilio requests
 * or signs; a signature over the address as it was given with the message is as good.
 */
export function createTwilioSignatureCheck(config: TwilioConfig | null, publicUrl: string | null): CheckTwilioSignature {
  if (config === null || publicUrl === null) return () => false
  const { validateRequest } = twilioSdk()
  const tokens = [config.authToken, config.previousAuthToken].filter((token) => token !== null)
  return ({ signature, pathAndQuery, params }) => {
    // A request may name a whole address instead of a path, which Twilio never does, and which makes no address behind ours.
    if (!pathAndQuery.startsWith('/')) return false
    const url = publicUrl + pathAndQuery
    return tokens.some((token) => [url, url + CALLBACK_RETRIES].some((signed) => validateRequest(token, signature, signed, params)))
  }
}
