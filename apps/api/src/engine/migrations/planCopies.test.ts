import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { planCopies, type SqlFile } from './planCopies.js'
import { readMigrations } from './readMigrations.js'
import { isSealed } from './seal.js'

const NOW = Date.parse('2027-03-04T05:06:07Z')

const sealed = (sql: string) => `-- Made. Seal: ${createHash('sha256').update(sql).digest('hex')}\n${sql}`
const aFile = (file: string, sql = 'select 1;\n'): SqlFile => ({ file, text: sealed(sql) })
const OURS = [aFile('20261129090000_engine_create.sql'), aFile('20261129090100_crm_create.sql', 'select 2;\n')]
const written = (there: readonly SqlFile[], ours = OURS) => planCopies(ours, there, NOW).write.map(({ file }) => file)

describe('copies of migrations', () => {
  it('go under their own names where nothing is younger', () => {
    expect(written([])).toEqual(['20261129090000_engine_create.sql', '20261129090100_crm_create.sql'])
    expect(written([aFile('20200101000000_their_own.sql'), { file: 'README.sql', text: '' }])).toEqual(OURS.map(({ file }) => file))
  })

  it('go behind everything that lies there, in their order, since a tool refuses what comes before', () => {
    expect(written([aFile('20270101000000_their_own.sql')])).toEqual(['20270304050607_engine_create.sql', '20270304050608_crm_create.sql'])
    expect(written([aFile('29990101000000_their_own.sql')])).toEqual(['29990101000001_engine_create.sql', '29990101000002_crm_create.sql'])
  })

  it('are found again under whatever version they got', () => {
    const copies = [
      { ...OURS[0], file: '20270304050607_engine_create.sql' } as SqlFile,
      { ...OURS[1], file: '20270304050608_crm_create.sql' } as SqlFile,
    ]
    expect(planCopies(OURS, copies, NOW)).toEqual({ write: [], same: copies.map(({ file }) => file), changed: [] })
  })

  it('bring what is new behind an older copy, and behind what the team wrote since', () => {
    const there = [...OURS, aFile('20270101000000_their_own.sql', 'call sync.track_table()')]
    expect(written(there, [...OURS, aFile('20270201000000_engine_add_more.sql')])).toEqual(['20270201000000_engine_add_more.sql'])
    expect(written(there, [...OURS, aFile('20261231000000_engine_add_more.sql')])).toEqual(['20270304050607_engine_add_more.sql'])
  })

  it('replace an older copy that nobody changed', () => {
    const older = aFile('20261129090000_engine_create.sql', 'select 0;\n')
    expect(planCopies(OURS, [older], NOW).write).toEqual([OURS[0], { ...OURS[1] }])
  })

  it.each([
    ['a word of it', (text: string) => text.replace('1', '7')],
    ['its first line', (text: string) => text.slice(text.indexOf('\n') + 1)],
    ['everything', () => ''],
  ])('of which somebody changed %s are left, and nothing is written over them', (_what, change) => {
    const there = [{ file: OURS[0]?.file ?? '', text: change(OURS[0]?.text ?? '') }]
    expect(planCopies(OURS, there, NOW).changed).toEqual(['20261129090000_engine_create.sql'])
  })

  it('are not changed by version control that writes line ends of its own', () => {
    const there = OURS.map(({ file, text }) => ({ file, text: text.replaceAll('\n', '\r\n') }))
    expect(planCopies(OURS, there, NOW)).toMatchObject({ write: [], changed: [] })
  })

  it('are not taken for a file of the team’s that has the same name by chance', () => {
    const theirs = { file: '20200101000000_crm_create.sql', text: 'create schema crm;' }
    expect(planCopies(OURS, [theirs], NOW)).toMatchObject({ write: OURS, changed: [] })
  })
})

it('every migration of ours shows whether it was changed', async () => {
  const migrations = await readMigrations()
  expect(migrations.map(({ sql }) => isSealed(sql))).toEqual(migrations.map(() => true))
})
