import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { lockSocketFile } from './lockSocketFile.js'

const SETTLE_MS = 20

let root: string
let path: string
let files = 0

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'org-api-sock-'))
})

beforeEach(() => {
  files += 1
  path = join(root, `${files}.sock`)
})

afterAll(() => rm(root, { recursive: true, force: true }))

/** A socket file whose process was killed: nobody listens any more. */
async function leaveBehind(): Promise<void> {
  const owner = spawn(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.stdout.write('held'))`,
  ])
  await once(owner.stdout, 'data')
  owner.kill('SIGKILL')
  await once(owner, 'exit')
}

test('gives a name to one opener at a time, and leaves no file behind', async () => {
  const lock = await lockSocketFile(path, SETTLE_MS)
  expect(lock).not.toBeNull()
  expect(await lockSocketFile(path, SETTLE_MS)).toBeNull()
  await lock?.release()
  const next = await lockSocketFile(path, SETTLE_MS)
  expect(next).not.toBeNull()
  await next?.release()
  expect(await readdir(root)).toEqual([])
})

test('takes over from a process that was killed', async () => {
  await leaveBehind()
  await access(path)
  const lock = await lockSocketFile(path, SETTLE_MS)
  expect(lock).not.toBeNull()
  await lock?.release()
})

test('gives a name left behind to one of several that want it at once', async () => {
  await leaveBehind()
  const locks = await Promise.all(Array.from({ length: 5 }, () => lockSocketFile(path, SETTLE_MS)))
  const held = locks.filter((lock) => lock !== null)
  expect(held).toHaveLength(1)
  await held[0]?.release()
})
