import { describe, expect, it } from '@jest/globals'
import { DatabaseUnavailableError } from '../database/DatabaseError.js'
import { createLogger, describeError } from './logger.js'

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = ''
  const destination = {
    write: (line: string) => {
      text += line
    },
  }
  write(createLogger({ logLevel: 'info' }, destination))
  return text
}

describe('the log', () => {
  it('holds back secrets, keys, numbers and texts by name', () => {
    const secret = 'DO-NOT-LOG'
    const text = logged((log) =>
      log.info({
        authorization: secret,
        sms: { to: secret, message: secret },
        request: { headers: { cookie: secret } },
        token: secret,
        phone: secret,
      }),
    )
    expect(text).not.toContain(secret)
    expect(text).toContain('[redacted]')
  })

  it('says of an error what it was and where, not what it quotes', () => {
    const error = Object.assign(new Error('duplicate key: (phone)=(+12025550123)'), { code: '23505', status: 400 })
    const text = logged((log) => log.error({ err: error }, 'failed'))
    expect(text).not.toContain('+12025550123')
    expect(JSON.parse(text)).toMatchObject({ err: { kind: 'Error', code: '23505', status: 400 }, msg: 'failed' })
    expect(JSON.parse(text).err.stack[0]).toMatch(/^at /)
  })

  it('keeps our own words, and the cause', () => {
    const error = new DatabaseUnavailableError('The database did not answer.', { cause: new Error('quoted value') })
    expect(describeError(error)).toMatchObject({ message: 'The database did not answer.', cause: { kind: 'Error' } })
    expect(JSON.stringify(describeError(error))).not.toContain('quoted value')
    expect(describeError('text')).toEqual({ kind: 'string' })
  })
})
