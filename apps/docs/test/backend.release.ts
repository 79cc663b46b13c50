import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { actionRoute, createDependencies, type DependencyOverrides, loadConfig, runAction, seedDemo, startApi } from '@org/api'
import type { RequestHandler } from 'express'
import { folderOf, pages, readSamples, writeSamples } from './samples.js'

const ANA = { kind: 'user', actor: 'user-456', tenant: 'org-1' } as const
const ADDRESS = '/api/appointments/reschedule'
const COOKIE = 'sid=ana'

interface Started {
  url: string
  stop(): Promise<void>
}

let root: string
let ownAction: string
let expressApp: string

beforeAll(async () => {
  await writeSamples()
  root = await mkdtemp(join(tmpdir(), 'backend-samples-'))
  const all = await pages()
  const page = (name: string) => all.find((path) => path.endsWith(`${name}.md`)) ?? ''
  ownAction = folderOf(page('own-action'))
  expressApp = folderOf(page('express-app'))
  await mkdir(join(root, 'migrations'))
  const sql = (await readSamples(page('own-action'))).find(({ language }) => language === 'sql')
  await writeFile(join(root, 'migrations/20270101000000_create_reschedule.sql'), sql?.text ?? '')
}, 60_000)

afterAll(() => rm(root, { recursive: true, force: true }))

const environment = (name: string) => ({
  NODE_ENV: 'test',
  PORT: '0',
  LOG_LEVEL: 'silent',
  MODULES: 'crm,bookings,leads',
  DATA_DIR: join(root, name),
  MIGRATIONS_DIRS: join(root, 'migrations'),
})

const open = (name: string, overrides: DependencyOverrides = { verifyToken: async () => ANA }) =>
  createDependencies(loadConfig(environment(name), { signIn: 'app' }), overrides)

const WAYS: Record<string, (name: string) => Promise<Started>> = {
  'an action of one’s own in SQL': async (name) => {
    const dependencies = await open(name)
    await seedDemo(dependencies.database)
    const { appointmentReschedule } = await import(join(ownAction, 'shared/appointmentReschedule.ts'))
    const reschedule = actionRoute(appointmentReschedule, (call, options) =>
      runAction(dependencies.database, { effect: 'reschedule_appointment', call, options }),
    )
    return startApi(dependencies, { actions: [reschedule] })
  },
  'an action of one’s own in TypeScript': async (name) => {
    const dependencies = await open(name)
    await seedDemo(dependencies.database)
    const { reschedule } = await import(join(ownAction, 'server/reschedule.ts'))
    return startApi(dependencies, { actions: [reschedule(dependencies.database)] })
  },
  'the API in an app of one’s own': async (name) => {
    const dependencies = await open(name)
    await seedDemo(dependencies.database)
    await dependencies.close()
    const { serve } = await import(join(expressApp, 'server/serve.ts'))
    const session: RequestHandler = (req, _res, next) => {
      if (req.headers.cookie === COOKIE) Object.assign(req, { user: { id: ANA.actor, organisation: ANA.tenant } })
      next()
    }
    const { server, stop } = await serve(environment(name), session)
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/crm`, stop }
  },
}

describe.each(Object.keys(WAYS))('%s, as the page prints it,', (way) => {
  const start = WAYS[way] as (name: string) => Promise<Started>
  const name = way.replaceAll(/\W/g, '')
  const isMounted = way.startsWith('the API')
  const path = isMounted ? '/api/bookings/confirm' : ADDRESS

  const click = async ({ url }: Started, key: string, appointmentId: string, scheduledAt = '2127-01-01T10:00:00Z') => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: {
        Authorization: 'Bearer any',
        Cookie: COOKIE,
        Origin: new URL(url).origin,
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      },
      body: JSON.stringify(isMounted ? { appointmentId } : { appointmentId, scheduledAt }),
    })
    return { status: response.status, replayed: response.headers.get('idempotent-replayed'), text: await response.text() }
  }

  it('runs on a new database, on another one, and again on that', async () => {
    for (const fresh of ['one', 'two']) {
      const api = await start(name + fresh)
      const first = await click(api, `${name}-first-click`.padEnd(30, '0'), 'apt-123')
      expect([first.status, JSON.parse(first.text).appointment]).toMatchObject([200, { version: 2, updated_by: 'user-456' }])
      expect(await click(api, `${name}-first-click`.padEnd(30, '0'), 'apt-123')).toEqual({ ...first, replayed: 'true' })
      expect((await click(api, `${name}-no-such`.padEnd(30, '0'), 'no-such')).status).toBe(404)
      await api.stop()
    }
    const again = await start(`${name}two`)
    const replayed = await click(again, `${name}-first-click`.padEnd(30, '0'), 'apt-123')
    expect([replayed.status, replayed.replayed]).toEqual([200, 'true'])
    expect((await click(again, `${name}-second-click`.padEnd(30, '0'), 'apt-124')).status).toBe(200)
    if (isMounted) {
      expect(await (await fetch(new URL('/', again.url))).text()).toBe('Your own page')
    } else {
      const past = await click(again, `${name}-into-the-past`.padEnd(30, '0'), 'apt-124', '2001-01-01T10:00:00Z')
      expect([past.status, JSON.parse(past.text)]).toEqual([
        422,
        { success: false, error: 'An appointment cannot be moved into the past.', code: 'IN_THE_PAST', retryable: false },
      ])
    }
    await again.stop()
  }, 240_000)
})
