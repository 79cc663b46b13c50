import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { TSC } from '@org/tooling/tsc'
import { readSamples, SAMPLES, writeSamples } from './docSamples.js'

const samples = readSamples()
writeSamples(samples)

describe('the samples of the README and the docs pages', () => {
  it('compile as they stand', async () => {
    await promisify(execFile)(process.execPath, [TSC, '-p', join(SAMPLES, 'tsconfig.json')]).catch((error: { stdout?: string }) => {
      throw new Error(`A sample does not compile:\n${error.stdout}`)
    })
  }, 180_000)

  it('never take "not known" for "signed out": what asks for a session hands its error on', () => {
    const askers = samples.filter(({ text }) => text.includes('getSession()'))
    expect(askers.length).toBeGreaterThan(1)
    expect(
      askers.filter(({ text }) => !/const \{ data, error \} = await .*getSession\(\)\n\s+if \(error\) throw error/.test(text)),
    ).toEqual([])
  })

  it('begin the README with an example of about two dozen lines', () => {
    expect(samples[0]?.text.trim().split('\n').length).toBeLessThanOrEqual(25)
  })
})

// Samples that are tests themselves are run as tests.
for (const { file } of samples.filter((sample) => sample.file.endsWith('.test.tsx'))) await import(join(SAMPLES, file))
