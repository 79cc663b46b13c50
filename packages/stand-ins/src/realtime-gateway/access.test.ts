import { describe, expect, it } from '@jest/globals'
import { aChange, aDeletion } from '../../test/harness/FakeFeed.js'
import { type Access, ANONYMOUS, maySee, tenantOfClaims } from './access.js'

const member = (orgId: unknown): Access => ({ token: 'jwt', claims: { role: 'authenticated', app_metadata: { org_id: orgId } } })
const SERVICE: Access = { token: 'jwt', claims: { role: 'service_role' } }

describe('whose eyes see a change', () => {
  it.each([
    ['a member of the organisation', member('org-1'), true],
    ['a member of another', member('org-2'), false],
    ['a member of none', member(undefined), false],
    ['a token without claims about it', { token: 'jwt', claims: { role: 'authenticated' } }, false],
    ['another role with the right organisation', { token: 'jwt', claims: { role: 'anon', app_metadata: { org_id: 'org-1' } } }, false],
    ['the service role', SERVICE, true],
    ['nobody', ANONYMOUS, false],
  ])('%s', (_name, access, expected) => {
    for (const change of [aChange(), aDeletion()]) expect(maySee(access, change, tenantOfClaims)).toBe(expected)
  })

  it('of a row whose organisation nobody knows: only that it was deleted', () => {
    for (const access of [member('org-1'), ANONYMOUS]) {
      expect(maySee(access, aDeletion({ tenant: null }), tenantOfClaims)).toBe(true)
      expect(maySee(access, aChange({ tenant: null }), tenantOfClaims)).toBe(false)
    }
  })

  it('never takes an absent organisation for an absent one', () => {
    const nobodys = { tenant: undefined as unknown as null, eventType: 'UPDATE' as const }
    expect(maySee(member(undefined), nobodys, tenantOfClaims)).toBe(false)
  })
})
