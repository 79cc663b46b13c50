import { expect, it } from '@jest/globals'
import { campaignsOf } from './campaigns.js'

it('a campaign has the leads of its area, whatever became of them, and is not listed without any', () => {
  const leads = [
    { id: '1', phone: '+13125550101', status: 'new' },
    { id: '2', phone: '+13125550102', status: 'won' },
    { id: '3', phone: '+12025550102', status: 'contacted' },
    { id: '4', phone: null, status: 'new' },
  ]
  expect(campaignsOf(leads)).toEqual([
    { name: 'Chicago mailing', leadIds: ['1', '2'], untouched: 1 },
    { name: 'Washington call-back', leadIds: ['3'], untouched: 0 },
  ])
})
