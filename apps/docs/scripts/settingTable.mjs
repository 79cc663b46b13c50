import { readFileSync } from 'node:fs'
import { loadConfig } from '@org/api'
import { SETTING_MEANINGS } from './settingMeanings.mjs'
import { code, table } from './table.mjs'

const SOURCES = ['config.ts', 'engine/config/engineSettings.ts', 'modules/sms/smsSettings.ts'].map(
  (path) => new URL(`../../api/src/${path}`, import.meta.url),
)
// No setting may have this value; what the start says about it is the rule.
const NONSENSE = '?'

/**
 * The names in the API's own schema, with their defaults.
 * @returns {{ name: string, fallback: string | null }[]}
 */
export function readSettings() {
  const schemas = SOURCES.map((source) => /const [A-Z]+_SETTINGS = \{\n([\s\S]*?)\n\}/.exec(readFileSync(source, 'utf8'))[1])
  const entries = schemas.flatMap((schema) => schema.split(/\n(?= {2}[A-Z])/)).map((text) => text.trim())
  return entries.map((text) => ({ name: /^[A-Z0-9_]+/.exec(text)[0], fallback: /\.default\((.*)\),?$/s.exec(text)?.[1] ?? null }))
}

export function settingTable() {
  const rows = readSettings().map(({ name, fallback }) => [code(name), `${SETTING_MEANINGS[name]}${rule(name)}`, readable(fallback)])
  return table(['Variable', 'Means', 'Default'], rows)
}

function rule(name) {
  try {
    loadConfig({ JWKS_URL: 'http://localhost/', JWT_ISSUER: 'docs', [name]: NONSENSE })
    return ''
  } catch (error) {
    const must = /must .*/.exec(error.message)?.[0]
    return must ? ` It ${must}` : ''
  }
}

function readable(fallback) {
  if (fallback === null) return '–'
  if (fallback === '[]') return 'none'
  if (fallback === '[...MODULE_NAMES]') return 'all'
  return code(fallback.replaceAll("'", '').replace(/^[\d_]+$/, (digits) => digits.replaceAll('_', '')))
}
