import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { makeDataDirectory } from './makeDataDirectory.js'

describe('the data directory', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'data-'))
  })

  afterEach(() => rm(folder, { recursive: true }))

  it('is made, and is no trouble when it is there already', async () => {
    await makeDataDirectory(join(folder, 'a/b'))
    await makeDataDirectory(join(folder, 'a/b'))
  })

  it('that is a file is one line that names it and what to do', async () => {
    const path = join(folder, 'file')
    await writeFile(path, '')
    await expect(makeDataDirectory(path)).rejects.toThrow(
      `The data directory ${path} cannot be used (EEXIST). Choose a folder you may write`,
    )
  })
})
