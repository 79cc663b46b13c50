import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { readMigrations } from '../../src/engine/migrations/migrate.js'

// One line a migration. A new migration adds a line; an existing line never changes, because databases
// that applied the old text would never see the new one.
const LANDED = new URL('../../supabase/landed-migrations.txt', import.meta.url)

test('a migration that landed is never edited: what changes later is a migration of its own', async () => {
  const landed = (await readFile(LANDED, 'utf8')).trim().split('\n')
  const present = (await readMigrations()).map(
    ({ version, name, sql }) => `${createHash('sha256').update(sql).digest('hex')}  ${version}_${name}.sql`,
  )
  expect(present).toEqual(landed)
})
