import twilio from 'twilio'
import type { TwilioConfig } from './smsSettings.js'

/** Whether Twilio signed this request. */
export type CheckTwilioSignature = (request: {
  signature: string
  /** As received, query included. */
  pathAndQuery: string
  params: Readonly<Record<string, unknown>>
}) => boolean

/**
 * Makes the check with the SDK's validator over the configured public URL: a URL built from `Host`
 * would be the caller's own choice. The previous token stays valid while a token is being rotated.
 * Without an account or a public URL nothing passes.
 */
export function createTwilioSignatureCheck(config: TwilioConfig | null, publicUrl: string | null): CheckTwilioSignature {
  if (config === null || publicUrl === null) return () => false
  const tokens = [config.authToken, config.previousAuthToken].filter((token) => token !== null)
  return ({ signature, pathAndQuery, params }) =>
    tokens.some((token) => twilio.validateRequest(token, signature, publicUrl + pathAndQuery, params))
}
