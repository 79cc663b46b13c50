import { hostname } from 'node:os'
import { expect, it } from '@jest/globals'
import { operatorName } from './operator.js'

it('names who works here, in a container too, where a number has no name', () => {
  expect(operatorName(() => ({ username: 'ana' }))).toBe(`ana@${hostname()}`)
  const nobody = () => {
    throw new Error('uv_os_get_passwd returned ENOENT')
  }
  expect(operatorName(nobody)).toBe(`uid-${process.getuid?.()}@${hostname()}`)
})
