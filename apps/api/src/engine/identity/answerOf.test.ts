import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Request, Response } from 'express'
import { DatabaseUnavailableError } from '../database/DatabaseError.js'
import { answerOf } from './answerOf.js'
import { identifyBy } from './identifyBy.js'
import { findSession } from './session.js'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const verdict = (asked: Promise<unknown>) =>
  asked.then(
    (value) => value,
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )

describe('what a team’s function says', () => {
  it.each<[string, () => unknown, unknown]>([
    ['at once', () => 'ana', 'ana'],
    ['later', async () => 'ana', 'ana'],
    [
      'by throwing',
      () => {
        throw new Error('no table')
      },
      'INTERNAL',
    ],
    [
      'by rejecting with the status of what it asked',
      () => Promise.reject(Object.assign(new Error('slow down'), { status: 429 })),
      'INTERNAL',
    ],
    ['by rejecting with what Express takes for a word', () => Promise.reject('router'), 'INTERNAL'],
    ['by a database that is away', () => Promise.reject(new DatabaseUnavailableError('away')), 'STORE_UNAVAILABLE'],
  ])('%s is its answer, and no timer stays', async (_how, ask, answer) => {
    expect(await verdict(answerOf('caller(req)', ask))).toBe(answer)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('is not waited for for ever', async () => {
    const asked = verdict(answerOf('caller(req)', () => new Promise(() => undefined)))
    await jest.advanceTimersByTimeAsync(5_000)
    expect(await asked).toBe('STORE_UNAVAILABLE')
  })

  it('too late ends no process', async () => {
    let fail: (error: Error) => void = () => undefined
    const asked = verdict(answerOf('caller(req)', () => new Promise((_resolve, reject) => (fail = reject))))
    await jest.advanceTimersByTimeAsync(5_000)
    fail(new Error('late'))
    expect(await asked).toBe('STORE_UNAVAILABLE')
  })
})

describe('identifyBy', () => {
  const ask = async (caller: () => unknown) => {
    const res = { locals: {} } as unknown as Response
    const next = jest.fn()
    const handler = identifyBy({ caller: caller as never, tenantClaim: 'org', publicUrl: null, corsOrigins: [] })
    const said = await verdict(handler({ method: 'GET', headers: {} } as unknown as Request, res, next) as unknown as Promise<unknown>)
    return { said, session: findSession(res), passed: next.mock.calls.length }
  }

  it.each([null, undefined])('takes %j for nobody', async (found) => {
    expect(await ask(() => found)).toEqual({ said: 'UNAUTHENTICATED', session: undefined, passed: 0 })
  })

  it.each([true, false, 'ana', '', 7, {}, [], { actor: 7, tenant: 'org-1' }, { actor: 'ana' }, { actor: 'service:x', tenant: 'org-1' }])(
    'tells of %j that it is no caller, and lets nobody in',
    async (found) => {
      const { said, session, passed } = await ask(() => found)
      expect([said, session, passed]).toEqual([expect.stringContaining('caller(req) must give { actor, tenant }'), undefined, 0])
    },
  )
})
