import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ERROR_CODES, type ErrorCode } from '@org/contracts'
import { pino } from 'pino'
import { settingsSchema } from '../src/config.js'
import type { Database } from '../src/engine/database/Database.js'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import { databaseMetrics } from '../src/engine/telemetry/databaseMetrics.js'
import { createTelemetry } from '../src/engine/telemetry/Telemetry.js'
import { smsBacklogMetrics } from '../src/modules/sms/smsBacklog.js'
import { createSmsTelemetry } from '../src/modules/sms/smsTelemetry.js'

let readme = ''

beforeAll(async () => {
  readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
})

/** The cells of the table under a heading, without its first two lines. */
function table(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const lines = section.split('\n').filter((line) => line.startsWith('| '))
  return lines.slice(1).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

const inCode = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '')

describe('the README', () => {
  it('names every setting, in the order of the schema, with its default', () => {
    const documented = table('Settings').map(([name, byDefault]) => [inCode(name)[0], inCode(byDefault)[0]])
    const settings = Object.entries(settingsSchema.shape).map(([name, schema]) => {
      const value: unknown = schema.parse(undefined)
      return [name, value === undefined || Array.isArray(value) ? undefined : String(value)]
    })
    expect(documented).toEqual(settings)
  })

  it('names every error code with its status, and whether to come again', () => {
    const documented = table('Error codes').flatMap(([status, codes, again]) =>
      inCode(codes).map((code) => ({ code, status: Number(status), retryable: again === 'yes' })),
    )
    const known = (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => {
      const { status, retryable } = ERROR_CODES[code]
      return { code, status, retryable }
    })
    const byCode = (a: { code: string }, b: { code: string }) => a.code.localeCompare(b.code)
    expect(documented.sort(byCode)).toEqual(known.sort(byCode))
  })

  it('names every metric of our own', async () => {
    const log = pino({ level: 'silent' })
    const telemetry = createTelemetry(log)
    createSmsTelemetry({ ...telemetry, log })
    const { registry } = telemetry
    const database = await openTestDatabase()
    databaseMetrics(registry, Object.assign(database, { connections: () => ({ inUse: 0, idle: 0, waiting: 0 }) }))
    smsBacklogMetrics(registry, database)
    const own = (await registry.getMetricsAsJSON()).map(({ name }) => name).filter((name) => !/^(nodejs|process)_/.test(name))
    expect(
      table('Metrics')
        .flatMap(([names]) => inCode(names))
        .sort(),
    ).toEqual(own.sort())
    await database.close()
  })

  describe('its SQL', () => {
    let database: Database

    beforeAll(async () => {
      database = await openTestDatabase()
    })

    it('runs', async () => {
      const statements = [...readme.matchAll(/```sql\n([\s\S]*?)```/g)].flatMap(([, sql = '']) => sql.split(';').map((one) => one.trim()))
      const runnable = statements.filter((sql) => sql !== '' && !sql.startsWith('alter role'))
      expect(runnable).toHaveLength(2)
      for (const sql of runnable) await database.script(sql)
      expect(await database.query("select sync.mark_sms_accepted('no-such', 1, 'SM1') as accepted")).toEqual([{ accepted: false }])
      await database.close()
    })
  })
})
