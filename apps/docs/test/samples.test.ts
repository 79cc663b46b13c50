import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { actionRoute, createDependencies, type Dependencies, loadConfig, type RunningApi, runAction, seedDemo, startApi } from '@org/api'
import { TSC } from '@org/tooling/tsc'
import { folderOf, pages, README, readSamples, SAMPLES, type Sample, writeSamples } from './samples.js'

const ANA = { kind: 'user', actor: 'user-456', tenant: 'org-1' } as const

describe('the samples', () => {
  let samples: Sample[]
  let data: string
  let dependencies: Dependencies
  let api: RunningApi

  beforeAll(async () => {
    samples = await readSamples(README)
    await writeSamples()
    data = await mkdtemp(join(tmpdir(), 'readme-'))
    await mkdir(join(data, 'migrations'))
    const migration = join(data, 'migrations/20270101000000_create_reschedule.sql')
    await writeFile(migration, samples.find(({ language }) => language === 'sql')!.text)
    const config = loadConfig({
      NODE_ENV: 'test',
      PORT: '0',
      DATA_DIR: join(data, 'postgres'),
      MIGRATIONS_DIRS: join(data, 'migrations'),
      LOG_LEVEL: 'silent',
      JWKS_URL: 'http://127.0.0.1:1',
    })
    // People restart: what was made the first time must not stand in the way of the second.
    await (await createDependencies(config, { verifyToken: async () => ANA })).close()
    dependencies = await createDependencies(config, { verifyToken: async () => ANA })
    await seedDemo(dependencies.database)
    const { appointmentReschedule } = await import(join(folderOf(README), 'shared/appointmentReschedule.ts'))
    const reschedule = actionRoute(appointmentReschedule, (call, options) =>
      runAction(dependencies.database, { effect: 'reschedule_appointment', call, options }),
    )
    api = await startApi(dependencies, { actions: [reschedule] })
  }, 180_000)

  afterAll(async () => {
    await api?.stop()
    await rm(data, { recursive: true, force: true })
  })

  // One compiler for all of them: seconds on a quiet machine, more than a minute on a busy one.
  it('of the README and of every page compile as they stand', async () => {
    await promisify(execFile)(process.execPath, [TSC, '-p', join(SAMPLES, 'tsconfig.json')]).catch((error: { stdout?: string }) => {
      throw new Error(`A sample does not compile:\n${error.stdout}`)
    })
  }, 180_000)

  it('of your own action are the same on the README and on its page', async () => {
    const page = (await pages()).find((path) => path.endsWith('own-action.md'))!
    const texts = (await readSamples(page)).map(({ text }) => text)
    const isOnPage = samples
      .filter(({ file, language }) => language === 'sql' || /^(shared|server|web)/.test(file))
      .map(({ text }) => texts.includes(text))
    expect(isOnPage).toEqual([true, true, true, true, true])
  })

  it('of the middleware alone let a transfer run once for a key, also after a restart of the app', async () => {
    const page = (await pages()).find((path) => path.endsWith('middleware-alone.md'))!
    const { createTransfers } = await import(join(folderOf(page), 'server/transfers.ts'))
    for (const _start of [1, 2]) {
      const server = createTransfers().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const transfer = (amount: number) =>
        fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/transfers`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'middleware-sample-key', 'X-User': 'ana' },
          body: JSON.stringify({ amount }),
        })
      const answers = [await transfer(5), await transfer(5), await transfer(6)]
      expect(answers.map(({ status, headers }) => [status, headers.get('idempotent-replayed')])).toEqual([
        [201, null],
        [201, 'true'],
        [422, null],
      ])
      server.closeAllConnections()
      server.close()
    }
  })

  it('of the README begin with an example of about twenty lines', () => {
    expect(samples[0]?.text.trim().split('\n').length).toBeLessThanOrEqual(21)
  })

  it('of the README give a team an action of its own that takes effect once', async () => {
    const reschedule = () =>
      fetch(`${api.url}/api/appointments/reschedule`, {
        method: 'POST',
        headers: { Authorization: 'Bearer any', 'Content-Type': 'application/json', 'Idempotency-Key': 'readme-sample-key-0001' },
        body: JSON.stringify({ appointmentId: 'apt-123', scheduledAt: '2127-01-01T10:00:00Z' }),
      })

    const first = await reschedule()
    const second = await reschedule()
    const body = await first.text()

    expect(first.status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ appointment: { version: 2, updated_by: 'user-456' } })
    expect(await second.text()).toBe(body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
  })
})
