import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { directoryLockAddress, lockDirectory } from './lockDirectory.js'

let root: string
let directories = 0

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'org-api-lock-'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

async function aDirectory(): Promise<string> {
  directories += 1
  return mkdtemp(join(root, `${directories}-`))
}

/** Another process that holds the directory's lock until it dies. */
async function holdElsewhere(directory: string) {
  const address = directoryLockAddress(await realpath(directory))
  const holder = spawn(process.execPath, [
    '-e',
    `require('node:net').createServer((socket) => socket.end()).listen(${JSON.stringify(address)}, () => process.stdout.write('held'))`,
  ])
  await once(holder.stdout, 'data')
  return holder
}

test('gives a directory to one opener at a time', async () => {
  const directory = await aDirectory()
  const lock = await lockDirectory(directory)
  await expect(lockDirectory(directory)).rejects.toMatchObject({
    code: 'DATA_DIRECTORY_IN_USE',
    message: expect.stringMatching(/^The data directory .* is open in another process[^\n]*$/),
  })
  await lock.release()
  await (await lockDirectory(directory)).release()
})

test('knows a directory by its real path', async () => {
  const directory = await aDirectory()
  const link = `${directory}-link`
  await symlink(directory, link)
  const lock = await lockDirectory(link)
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' })
  await lock.release()
})

test.each([
  ['linux', /^\0org-api-data-[0-9a-f]{32}$/],
  ['win32', /^\\\\\.\\pipe\\org-api-data-[0-9a-f]{32}$/],
  ['darwin', /\/org-api-data-[0-9a-f]{32}\.sock$/],
] as const)('has a name that %s takes', (platform, pattern) => {
  expect(directoryLockAddress('/some/where', platform)).toMatch(pattern)
})

test('keeps two directories apart', async () => {
  const locks = await Promise.all([lockDirectory(await aDirectory()), lockDirectory(await aDirectory())])
  await Promise.all(locks.map((lock) => lock.release()))
})

test('dies with the process that held it, however that dies', async () => {
  const directory = await aDirectory()
  const holder = await holdElsewhere(directory)
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await (await lockDirectory(directory)).release()
})
