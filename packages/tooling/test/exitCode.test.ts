import { spawnSync } from 'node:child_process'
import { expect, test } from '@jest/globals'

test('a program that may start Postgres ends with the exit code it has set', () => {
  const program = "import '@org/tooling/postgres'\nprocess.exitCode = 3"
  const options = { cwd: `${import.meta.dirname}/..`, encoding: 'utf8' } as const
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], options)
  expect({ status, stderr }).toEqual({ status: 3, stderr: '' })
})
