import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDatabase } from '../../src/engine/database/openDatabase.js'

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'org-api-data-'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

const WRITER = `
  import { PGlite } from '@electric-sql/pglite'
  const database = await PGlite.create({ dataDir: process.argv[1] })
  await database.exec('create table written (n int)')
  for (let n = 1; ; n += 1) {
    await database.query('insert into written values ($1)', [n])
    process.stdout.write(n + '\\n')
  }
`

test('a killed process loses no change it had acknowledged, and its directory opens again for one', async () => {
  const dataDirectory = join(root, 'killed')
  const writer = spawn(process.execPath, ['--input-type=module', '-e', WRITER, dataDirectory])
  let acknowledged = 0
  for await (const chunk of writer.stdout) {
    acknowledged = Number(String(chunk).trim().split('\n').at(-1))
    if (acknowledged >= 200 && writer.exitCode === null) writer.kill('SIGKILL')
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit')

  const database = await openDatabase({ dataDirectory })
  const [row] = await database.query<{ rows: number; last: number }>('select count(*)::int as rows, max(n) as last from written')
  expect(acknowledged).toBeGreaterThanOrEqual(200)
  expect(row?.rows).toBeGreaterThanOrEqual(acknowledged)
  expect(row?.last).toBe(row?.rows)

  // A second opener is turned away, and the first goes on undisturbed.
  await expect(openDatabase({ dataDirectory })).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' })
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
  await database.close()
}, 60_000)

test('a directory that cannot be written is told in one line, with what to set', async () => {
  const file = join(root, 'file')
  await writeFile(file, '')
  await expect(openDatabase({ dataDirectory: join(file, 'inside') })).rejects.toMatchObject({
    code: 'DATA_DIRECTORY_UNUSABLE',
    message: expect.stringMatching(/^The embedded database cannot keep its files in .*inside \(ENOTDIR\)\. Set DATA_DIR .*$/),
  })
})
