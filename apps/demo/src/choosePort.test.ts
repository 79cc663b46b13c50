import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { portObjection } from '../scripts/port.mjs'
import { choosePort } from './choosePort.js'

const other = createServer()

afterEach(() => new Promise((resolve) => other.close(() => resolve(undefined))))

async function occupied(): Promise<number> {
  await new Promise<void>((resolve) => other.listen({ port: 0, host: '127.0.0.1' }, resolve))
  return (other.address() as AddressInfo).port
}

describe('choosing the port', () => {
  it('names a port in use and what to do', async () => {
    const port = await occupied()
    await expect(choosePort(port)).rejects.toThrow(
      `Port ${port} is in use by another program. Stop it, or choose another port: PORT=${port + 1} npm start`,
    )
  })

  it('is told before anything is installed or built', async () => {
    const port = await occupied()
    expect(await portObjection(String(port))).toMatch(`Port ${port} is in use by another program.`)
    expect(await portObjection('abc')).toMatch(/^PORT is "abc"/)
    expect(await portObjection('0')).toBeNull()
  })

  it('makes 0 a free port', async () => {
    const taken = await occupied()
    const port = await choosePort(0)
    expect(port).toBeGreaterThan(0)
    expect(port).not.toBe(taken)
  })
})
