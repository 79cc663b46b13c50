import { expect, it } from '@jest/globals'
import { aChange } from '../../test/harness/FakeFeed.js'
import { changeData, MAX_RECORD_BYTES } from './changeMessage.js'

const AT = '2026-01-15T10:30:00.123Z'
const read = (change: Parameters<typeof changeData>[0]) => JSON.parse(changeData(change, AT))

it('leaves a record of exactly 1 MiB whole', () => {
  const empty = Buffer.byteLength(JSON.stringify(aChange({ row: { name: '' } }).new))
  const change = aChange({ row: { name: 'x'.repeat(MAX_RECORD_BYTES - empty) } })
  expect(read(change)).toMatchObject({ errors: null, record: change.new })
})

it('cuts a larger one down to its short values and says 413', () => {
  const data = read(aChange({ row: { name: 'é'.repeat(MAX_RECORD_BYTES / 2) } }))
  expect(data.errors).toEqual(['Error 413: Payload Too Large'])
  expect(data.record).toMatchObject({ id: 'lead-123', version: 2 })
  expect(data.record).not.toHaveProperty('name')
  expect(data.old_record).toEqual({ id: 'lead-123' })
})

it('names columns with types that leave the values as they are', () => {
  const data = read(aChange({ row: { tags: { a: 1 }, score: 1.5, vip: false } }))
  expect(Object.fromEntries(data.columns.map(({ name, type }: { name: string; type: string }) => [name, type]))).toMatchObject({
    id: 'text',
    version: 'int8',
    score: 'float8',
    vip: 'bool',
    tags: 'jsonb',
    updated_at: 'timestamptz',
  })
})
