import { type CountryCode, isSupportedCountry } from 'libphonenumber-js'
import * as z from 'zod'
import { url, whole } from '../../engine/config/settingParsers.js'
import { isPublic, pointsHome } from '../../engine/config/standIns.js'

/** The SMS module's settings, one environment variable each. */
export const SMS_SETTINGS = {
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[A-Za-z0-9]{4,64}$/, 'must start with AC')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_AUTH_TOKEN_PREVIOUS: z.string().optional(),
  // A sender's name cannot be answered, so a STOP would never be heard here: a messaging service knows what to do then.
  TWILIO_FROM: z
    .string()
    .regex(
      /^(\+[1-9]\d{6,14}|\d{4,8})$/,
      'must be a number such as +15005550006 or a short code; for a sender with letters set TWILIO_MESSAGING_SERVICE_SID instead',
    )
    .optional(),
  TWILIO_MESSAGING_SERVICE_SID: z
    .string()
    .regex(/^MG[0-9a-fA-F]{32}$/, 'must be MG and 32 hexadecimal digits')
    .optional(),
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

/** Where this API runs, as far as SMS depend on it. */
export interface SmsSurroundings {
  production: boolean
  /** Where Twilio reaches this API; null when it cannot. */
  publicUrl: string | null
}

/** Why SMS cannot be sent with these settings, as one line; null when they can. */
export function smsRefusal(settings: SmsSettings, { production, publicUrl }: SmsSurroundings): string | null {
  const missing = (['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'] as const).find((name) => settings[name] === undefined)
  if (production && missing !== undefined) return `${missing} is not set, and NODE_ENV=production needs it. Nothing was started.`
  if (production && publicUrl === null)
    return 'PUBLIC_URL is not set, so Twilio could not tell what became of an SMS, nor who said STOP. Set it to the address Twilio reaches. Nothing was started.'
  if (production && publicUrl !== null && !isPublic(publicUrl))
    return 'PUBLIC_URL points into a private network, where Twilio cannot reach it. Set it to the address that the world reaches. Nothing was started.'
  if (production && settings.TWILIO_API_BASE_URL !== undefined && !isRealCarrier(settings.TWILIO_API_BASE_URL))
    return 'TWILIO_API_BASE_URL points at something that is not Twilio (https and a public name), and NODE_ENV=production needs the real one. Nothing was started.'
  if (settings.TWILIO_ACCOUNT_SID === undefined) return null
  if (settings.TWILIO_AUTH_TOKEN === undefined) return 'TWILIO_AUTH_TOKEN is not set, but TWILIO_ACCOUNT_SID is. Set both or neither.'
  if (settings.TWILIO_FROM === undefined && settings.TWILIO_MESSAGING_SERVICE_SID === undefined)
    return 'TWILIO_FROM is not set. Set the sending number, or TWILIO_MESSAGING_SERVICE_SID.'
  return null
}

// The account's token goes there with every call, so never in the clear, and never to a name that only a private network knows.
function isRealCarrier(address: string): boolean {
  return new URL(address).protocol === 'https:' && isPublic(address) && !pointsHome(address)
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
