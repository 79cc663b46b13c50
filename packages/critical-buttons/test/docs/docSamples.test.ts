import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { readSamples, SAMPLES, writeSamples } from './docSamples.js'

const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const samples = readSamples()
writeSamples(samples)

describe('the samples of the README and the docs pages', () => {
  it('compile as they stand', async () => {
    await promisify(execFile)(process.execPath, [TSC, '-p', join(SAMPLES, 'tsconfig.json')]).catch((error: { stdout?: string }) => {
      throw new Error(`A sample does not compile:\n${error.stdout}`)
    })
  }, 60_000)

  it('begin the README with an example of about twenty lines', () => {
    expect(samples[0]?.text.trim().split('\n').length).toBeLessThanOrEqual(21)
  })
})

// Samples that are tests themselves are run as tests.
for (const { file } of samples.filter((sample) => sample.file.endsWith('.test.tsx'))) await import(join(SAMPLES, file))
