import { createRequire } from 'node:module'
import type twilio from 'twilio'
import { ConfigError } from '../../engine/config/ConfigError.js'

const require = createRequire(import.meta.url)

/**
 * Twilio's SDK, which is loaded by whoever has an account: 20 MB that nobody else needs to install.
 * @throws {ConfigError} when it is not installed
 */
export function twilioSdk(): typeof twilio {
  try {
    return require('twilio')
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error
    throw new ConfigError(
      'TWILIO_ACCOUNT_SID is set, but the package "twilio" is not installed, so no SMS could be sent. Install it (npm install twilio), or leave sms out of MODULES.',
    )
  }
}
