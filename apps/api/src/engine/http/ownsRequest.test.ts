import { createRequire } from 'node:module'
import { describe, expect, it } from '@jest/globals'
import express, { type Request } from 'express'
import { ownsRequest } from './ownsRequest.js'

/** A module's router may be of the version before. */
const express4 = createRequire(import.meta.url)('express4') as typeof express

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])('routers of %s', (_name, make) => {
  const handle: express.RequestHandler = (_req, res) => void res.end()
  const reports = make.Router().get('/', handle).get('/:id', handle)
  const team = make.Router().use(handle).post('/notes', handle).use('/reports', reports)
  const router = make.Router().get('/api/own', handle).use('/api/teams/:team', team).use(make.Router().put('/api/beside', handle))
  const asked = (method: string, url: string, headers: object = {}) => ({ method, url, headers }) as Request
  const owns = ownsRequest([router], { anyMethod: false })

  it.each([
    ['GET', '/api/own'],
    ['HEAD', '/api/own?n=1'],
    ['POST', '/api/teams/red/notes'],
    ['GET', '/api/teams/red/reports'],
    ['GET', '/api/teams/red/reports/7?full=1'],
    ['PUT', '/api/beside'],
    ['GET', '/api/teams/red/reports/%E0%A4%A'],
  ])('own %s %s', (method, url) => {
    expect(owns(asked(method, url))).toBe(true)
  })

  it.each([
    ['POST', '/api/own'],
    ['GET', '/api/teams/red/notes'],
    ['POST', '/api/teams/red/notes/7'],
    ['POST', '/api/teams/red'],
    ['GET', '/api/teams/red/reportsx'],
    ['GET', '/notes'],
    ['POST', '/api/teams/%E0%A4%A/else'],
  ])('leave %s %s to whoever comes after them', (method, url) => {
    expect(owns(asked(method, url))).toBe(false)
  })

  it('own the preflight of what they take', () => {
    const preflight = (method: string) => asked('OPTIONS', '/api/teams/red/notes', { 'access-control-request-method': method })
    expect([owns(preflight('POST')), owns(preflight('DELETE'))]).toEqual([true, false])
  })

  it('own any method where the answer to a wrong one is theirs', () => {
    expect(ownsRequest([router], { anyMethod: true })(asked('DELETE', '/api/teams/red/notes'))).toBe(true)
  })
})
