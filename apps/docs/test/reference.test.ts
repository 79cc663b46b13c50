import { describe, expect, it } from '@jest/globals'
import { HEADERS } from '@org/contracts'
import { HEADER_MEANINGS } from '../scripts/headerMeanings.mjs'
import { SETTING_MEANINGS } from '../scripts/settingMeanings.mjs'
import { readSettings } from '../scripts/settingTable.mjs'

describe('the reference', () => {
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
