interface ProductionSettings {
  NODE_ENV: string
  DATABASE_URL?: string | undefined
  REDIS_URL?: string | undefined
  ALLOW_MEMORY_STORE: boolean
  TWILIO_ACCOUNT_SID?: string | undefined
  TWILIO_AUTH_TOKEN?: string | undefined
  TWILIO_FROM?: string | undefined
  TWILIO_MESSAGING_SERVICE_SID?: string | undefined
  JWKS_URL?: string | undefined
  JWT_ISSUER?: string | undefined
}

/**
 * Why these settings may not run in production, as one line; null when they may. An embedded database
 * or a stand-in that slips into production loses what people clicked, so the start fails instead.
 */
export function productionRefusal(settings: ProductionSettings): string | null {
  if (settings.NODE_ENV !== 'production') return null
  const required = ['DATABASE_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'JWKS_URL', 'JWT_ISSUER'] as const
  const missing = required.find((name) => settings[name] === undefined)
  if (missing !== undefined) return `${missing} is not set, and NODE_ENV=production needs it. Nothing was started.`
  if (settings.TWILIO_FROM === undefined && settings.TWILIO_MESSAGING_SERVICE_SID === undefined)
    return 'TWILIO_FROM is not set, and NODE_ENV=production needs it (or TWILIO_MESSAGING_SERVICE_SID). Nothing was started.'
  if (settings.REDIS_URL === undefined && !settings.ALLOW_MEMORY_STORE)
    return 'REDIS_URL is not set, and NODE_ENV=production needs it. For a single process say ALLOW_MEMORY_STORE=true. Nothing was started.'
  return null
}
