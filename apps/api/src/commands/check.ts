import { type Config, loadConfig } from '../config.js'
import { ConfigError } from '../engine/config/ConfigError.js'
import { checkDatabase } from './checks/checkDatabase.js'
import { checkKeySet } from './checks/checkKeySet.js'
import { checkMountedUrl, checkPublicUrl } from './checks/checkPublicUrl.js'
import { checkRedis } from './checks/checkRedis.js'
import { checkTwilio } from './checks/checkTwilio.js'
import { type Finding, good, notKnown, wrong } from './checks/Finding.js'
import { printable } from './printable.js'

type Environment = Readonly<Record<string, string | undefined>>

export interface CheckWords {
  /** The API is part of an app of the team's, which signs people in. */
  isMounted: boolean
}

/** Looks at everything a start depends on, all at once, and changes nothing. */
export async function check(env: Environment, { isMounted }: CheckWords = { isMounted: false }): Promise<Finding[]> {
  const { config, finding } = readSettings(env, isMounted)
  if (config === null) return [finding, ...(await checkDatabaseOf(env))]
  const address = isMounted ? checkMountedUrl(config) : checkPublicUrl(config)
  const looks = [checkDatabase(config), checkRedis(config), checkKeySet(config), checkTwilio(config), address]
  return [finding, ...(await Promise.all(looks)).flat()]
}

function readSettings(env: Environment, isMounted: boolean): { config: Config | null; finding: Finding } {
  try {
    const config = loadConfig(env, { signIn: isMounted ? 'app' : 'tokens' })
    const where = config.production ? 'production' : 'not production: NODE_ENV=production asks for more'
    return { config, finding: good('settings', `A start takes them (${where}).`) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return {
      config: null,
      finding: wrong('settings', error.message, 'Correct it, then check again: only the first is named, and the rest depends on it.'),
    }
  }
}

/** What can be looked at though the settings are not whole. */
async function checkDatabaseOf(env: Environment): Promise<Finding[]> {
  try {
    return await checkDatabase(loadConfig(env, { purpose: 'database' }))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [notKnown('database', 'The settings do not say where it is.', 'Correct the settings first.')]
  }
}

/** True when nothing is wrong. What is not known is no reason to stop a deployment: a first start has no address yet. */
export const isFit = (findings: readonly Finding[]): boolean => findings.every(({ is }) => is !== 'wrong')

export function describeFindings(findings: readonly Finding[]): string {
  const widest = Math.max(...findings.map(({ about }) => about.length))
  return findings
    .map(({ about, is, text, todo }) => {
      const line = `${is.padEnd(9)}  ${about.padEnd(widest)}  ${printable(text)}`
      return todo === null ? `${line}\n` : `${line}\n${' '.repeat(widest + 13)}→ ${printable(todo)}\n`
    })
    .join('')
}
