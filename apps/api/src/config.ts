import * as z from 'zod'
import { ConfigError } from './engine/config/ConfigError.js'
import {
  databaseRefusal,
  ENGINE_SETTINGS,
  type EngineConfig,
  engineRefusal,
  type SignIn,
  toEngineConfig,
} from './engine/config/engineSettings.js'
import { readEnvironment } from './engine/config/readEnvironment.js'
import { list } from './engine/config/settingParsers.js'
import { MODULE_NAMES, type ModuleName, modulesOf } from './modules/moduleNames.js'
import { SMS_SETTINGS, type SmsConfig, smsRefusal, toSmsConfig } from './modules/sms/smsSettings.js'

const MODULE_SETTINGS = {
  MODULES: list.default([...MODULE_NAMES]),
}

/** Every setting of the API, one environment variable each. */
export const settingsSchema = z.object({ ...MODULE_SETTINGS, ...ENGINE_SETTINGS, ...SMS_SETTINGS })

/** The API's settings. Durations end in `Ms`, sizes in `Bytes`. */
export interface Config extends EngineConfig {
  /** What this deployment does. */
  modules: readonly ModuleName[]
  sms: SmsConfig
}

export interface LoadConfigOptions {
  /** `app`: whoever mounts the API says who is calling (`caller`), so the sign-in settings may be left out. @default 'tokens' */
  signIn?: SignIn
  /** `database`: for work on the database alone, which is all that has to be set. @default 'serve' */
  purpose?: 'serve' | 'database'
}

/**
 * Reads every setting once.
 * @throws {ConfigError} one line that names the first wrong or missing variable
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, options: LoadConfigOptions = {}): Config {
  const { signIn = 'tokens', purpose = 'serve' } = options
  const parsed = settingsSchema.safeParse(readEnvironment(env, Object.keys(settingsSchema.shape)))
  if (!parsed.success) throw settingError(parsed.error)
  const modules = modulesOf(parsed.data.MODULES)
  const engine = toEngineConfig(parsed.data)
  const refusal =
    purpose === 'database'
      ? databaseRefusal(parsed.data)
      : (engineRefusal(parsed.data, signIn) ?? (modules.includes('sms') ? smsRefusal(parsed.data, engine) : null))
  if (refusal !== null) throw new ConfigError(refusal)
  return { ...engine, modules, sms: toSmsConfig(parsed.data) }
}

/**
 * Which modules a deployment has, where nothing else matters.
 * @throws {ConfigError} when MODULES is wrong
 */
export function loadModules(env: Readonly<Record<string, string | undefined>>): readonly ModuleName[] {
  const parsed = z.object(MODULE_SETTINGS).safeParse(readEnvironment(env, Object.keys(MODULE_SETTINGS)))
  if (!parsed.success) throw settingError(parsed.error)
  return modulesOf(parsed.data.MODULES)
}

// The value is not repeated: it may be a secret that landed in the wrong variable.
function settingError(error: z.ZodError): ConfigError {
  const issue = error.issues[0]
  return new ConfigError(`${String(issue?.path[0] ?? 'settings')} is wrong: it ${issue?.message ?? 'cannot be read'}.`)
}
