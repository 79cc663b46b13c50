import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createDependencies, type Dependencies, loadConfig } from '@org/api'
import { apiEnvironment } from './apiEnvironment.js'
import { channelPolicy } from './channelPolicy.js'
import type { StandIns } from './startStandIns.js'

let dependencies: Dependencies

beforeAll(async () => {
  const standIns = {
    identity: { issuer: 'http://localhost:4300/_stand-ins' },
    twilio: { accountSid: `AC${'0'.repeat(32)}`, authToken: 'simulated', phoneNumber: '+15005550006', url: 'http://127.0.0.1:9999' },
  } as StandIns
  const environment = apiEnvironment({}, { port: 4300, url: 'http://localhost:4300', dataDirectory: '/', standIns })
  dependencies = await createDependencies(loadConfig({ ...environment, DATA_DIR: ':memory:' }))
})

afterAll(() => dependencies.close())

const claimsOf = (org: unknown, role = 'authenticated') => ({ role, sub: 'user', app_metadata: { org_id: org } })
const mayRead = (topic: string, claims: Record<string, unknown>) => channelPolicy(dependencies.database).mayRead({ topic, claims })

it('lets a person hear the own organisation, whatever its id, and no other by any name', async () => {
  const organisations = ['org-1', 'org-1:leads', 'org', 'a/b', 'ü 日本', '%', 'sync:leads:org-1', '']
  for (const own of organisations)
    for (const other of organisations)
      expect([own, other, await mayRead(`sync:leads:${other}`, claimsOf(own))]).toEqual([own, other, own === other])
})

it('lets nobody in without an organisation or a role', async () => {
  expect(await mayRead('sync:leads:', claimsOf(null))).toBe(false)
  expect(await mayRead('sync:leads:null', claimsOf(null))).toBe(false)
  expect(await mayRead('sync:leads:org-1', { role: 'authenticated' })).toBe(false)
  expect(await mayRead('sync:leads:org-1', claimsOf('org-1', 'anon'))).toBe(false)
})

it('keeps nobody’s claims for the next who asks', async () => {
  expect(await mayRead('sync:leads:org-1', claimsOf('org-1'))).toBe(true)
  const [row] = await dependencies.database.query(`select sync.may_hear('sync:leads:org-1') as may`)
  expect(row).toEqual({ may: false })
})

it('lets the service role hear all, and nobody else speak', async () => {
  const service = claimsOf(undefined, 'service_role')
  expect(await mayRead('sync:leads:org-1', service)).toBe(true)
  const policy = channelPolicy(dependencies.database)
  expect(await policy.mayWrite({ topic: 'sync:leads:org-1', claims: service })).toBe(true)
  expect(await policy.mayWrite({ topic: 'sync:leads:org-1', claims: claimsOf('org-1') })).toBe(false)
})
