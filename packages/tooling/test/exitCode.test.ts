import { spawnSync } from 'node:child_process'
import { expect, test } from '@jest/globals'

test('a program that may start Postgres ends with the exit code it has set', () => {
  const program = "import '@org/tooling/postgres'\nprocess.exitCode = 3"
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: `${import.meta.dirname}/..` })
  expect(status).toBe(3)
})
