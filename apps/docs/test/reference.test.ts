import { describe, expect, it } from '@jest/globals'
import { ACTIONS, HEADERS } from '@org/contracts'
import { apiOperations } from '../scripts/apiOperations.mjs'
import { exportedTypes } from '../scripts/exportedTypes.mjs'
import { HEADER_MEANINGS } from '../scripts/headerMeanings.mjs'
import { SETTING_MEANINGS } from '../scripts/settingMeanings.mjs'
import { readSettings } from '../scripts/settingTable.mjs'

describe('the reference', () => {
  it('names every address of an action, what it takes, and the exports of each package', () => {
    const api = apiOperations()
    for (const { path } of ACTIONS) expect(api).toContain(`## POST ${path}\n`)
    expect(api).toContain('"expectedVersion"')
    expect(api).not.toContain('undefined')
    const types = exportedTypes()
    for (const name of [
      'BookingConfirmButton',
      'createFakeSyncClient',
      'createSyncClient',
      'bookingConfirm',
      'createApiRouter',
      'idempotency',
    ])
      expect(types).toMatch(new RegExp(`export (declare )?(const|function) ${name}\\b`))
  })

  it('explains every header of the contracts and no other', () => {
    expect(Object.keys(HEADER_MEANINGS).toSorted()).toEqual(Object.values(HEADERS).toSorted())
  })

  it('explains every setting of the API and no other', () => {
    expect(Object.keys(SETTING_MEANINGS).toSorted()).toEqual(
      readSettings()
        .map(({ name }) => name)
        .toSorted(),
    )
  })
})
