import { HOST } from './choosePort.js'
import { databaseDirectory } from './dataFiles.js'
import type { StandIns } from './startStandIns.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The API's settings at the demo: the caller's own, and a stand-in for each service they do not name.
 * Pure; setting `DATABASE_URL`, `REDIS_URL`, `SUPABASE_URL` or `TWILIO_ACCOUNT_SID` replaces one at a time.
 */
export function apiEnvironment(
  env: Environment,
  at: { port: number; url: string; dataDirectory: string; standIns: StandIns },
): Environment {
  return {
    LOG_LEVEL: 'warn',
    PUBLIC_URL: at.url,
    ...signIn(env, at),
    ...(env.TWILIO_ACCOUNT_SID ? {} : simulatedTwilio(at.standIns)),
    ...env,
    HOST,
    PORT: String(at.port),
    DATA_DIR: databaseDirectory(at.dataDirectory),
  }
}

function signIn(env: Environment, { port, standIns }: { port: number; standIns: StandIns }): Environment {
  if (env.SUPABASE_URL) {
    const auth = `${env.SUPABASE_URL.replace(/\/+$/, '')}/auth/v1`
    return { JWKS_URL: `${auth}/.well-known/jwks.json`, JWT_ISSUER: auth }
  }
  return { JWKS_URL: `http://${HOST}:${port}/_stand-ins/jwks.json`, JWT_ISSUER: standIns.identity.issuer }
}

function simulatedTwilio({ twilio }: StandIns): Environment {
  return {
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM: twilio.phoneNumber,
    TWILIO_API_BASE_URL: twilio.url,
  }
}
