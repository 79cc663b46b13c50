import { type CountryCode, isSupportedCountry } from 'libphonenumber-js'
import * as z from 'zod'
import { url, whole } from '../../engine/config/settingParsers.js'

/** The SMS module's settings, one environment variable each. */
export const SMS_SETTINGS = {
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[A-Za-z0-9]{4,64}$/, 'must start with AC')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_AUTH_TOKEN_PREVIOUS: z.string().optional(),
  TWILIO_FROM: z.string().optional(),
  TWILIO_MESSAGING_SERVICE_SID: z.string().regex(/^MG/, 'must start with MG').optional(),
  TWILIO_API_BASE_URL: url('http:', 'https:').optional(),
  SMS_DEFAULT_COUNTRY: z
    .string()
    .refine((value): value is CountryCode => isSupportedCountry(value), 'must be an ISO 3166 country code in capitals, for example US')
    .optional(),
  SMS_LIMIT_USER_PER_MINUTE: whole(1, 10_000_000).default(120),
}

const smsSchema = z.object(SMS_SETTINGS)

export type SmsSettings = z.output<typeof smsSchema>

/** Which Twilio account sends, and where its API is. */
export interface TwilioConfig {
  accountSid: string
  authToken: string
  /** Still accepted on webhooks while a token is being rotated. */
  previousAuthToken: string | null
  /** The sender's number; null when a messaging service chooses it. */
  from: string | null
  messagingServiceSid: string | null
  /** Replaces https://api.twilio.com, for a stand-in or a proxy; null for the real one. */
  apiBaseUrl: string | null
}

export interface SmsConfig {
  /** Null when no account is configured: SMS rows then wait as `pending`. */
  twilio: TwilioConfig | null
  /** Where numbers without a country are dialled from; null: such numbers are none. */
  defaultCountry: CountryCode | null
  /** How many SMS one person may send in a minute. */
  perMinute: number
}

/** Why SMS cannot be sent with these settings, as one line; null when they can. */
export function smsRefusal(settings: SmsSettings, { production }: { production: boolean }): string | null {
  const missing = (['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'] as const).find((name) => settings[name] === undefined)
  if (production && missing !== undefined) return `${missing} is not set, and NODE_ENV=production needs it. Nothing was started.`
  if (settings.TWILIO_ACCOUNT_SID === undefined) return null
  if (settings.TWILIO_AUTH_TOKEN === undefined) return 'TWILIO_AUTH_TOKEN is not set, but TWILIO_ACCOUNT_SID is. Set both or neither.'
  if (settings.TWILIO_FROM === undefined && settings.TWILIO_MESSAGING_SERVICE_SID === undefined)
    return 'TWILIO_FROM is not set. Set the sending number, or TWILIO_MESSAGING_SERVICE_SID.'
  return null
}

export function toSmsConfig(settings: SmsSettings): SmsConfig {
  return {
    twilio: toTwilio(settings),
    defaultCountry: settings.SMS_DEFAULT_COUNTRY ?? null,
    perMinute: settings.SMS_LIMIT_USER_PER_MINUTE,
  }
}

function toTwilio(settings: SmsSettings): TwilioConfig | null {
  if (settings.TWILIO_ACCOUNT_SID === undefined || settings.TWILIO_AUTH_TOKEN === undefined) return null
  return {
    accountSid: settings.TWILIO_ACCOUNT_SID,
    authToken: settings.TWILIO_AUTH_TOKEN,
    previousAuthToken: settings.TWILIO_AUTH_TOKEN_PREVIOUS ?? null,
    from: settings.TWILIO_FROM ?? null,
    messagingServiceSid: settings.TWILIO_MESSAGING_SERVICE_SID ?? null,
    apiBaseUrl: settings.TWILIO_API_BASE_URL?.replace(/\/+$/, '') ?? null,
  }
}
