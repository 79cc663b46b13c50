import { describe, expect, it } from '@jest/globals'
import { decideHit, resolveTwilioFaults } from './twilioFaults.js'

const OK = { mode: 'ok', latencyMs: 0 }

describe('the defaults of a fault plan', () => {
  it.each([
    [{}, 503, 20503],
    [{ status: 500 }, 500, 20500],
    [{ status: 429 }, 429, 20429],
    [{ status: 401 }, 401, 20003],
    [{ status: 404 }, 404, 20404],
    [{ status: 422 }, 422, 20001],
    [{ code: 21211 }, 400, 21211],
    [{ code: 20429 }, 429, 20429],
    [{ code: 29999 }, 400, 29999],
    [{ status: 503, code: 21211 }, 503, 21211],
  ])('%j answers status %d with code %d', (input, status, code) => {
    expect(resolveTwilioFaults(input)).toMatchObject({ mode: 'ok', status, code, latencyMs: 0, rate: 1, times: undefined })
  })
})

describe('what a call meets', () => {
  it('leaves calls alone without a fault, and uses up nothing', () => {
    const plan = resolveTwilioFaults({ times: 1 })
    expect(decideHit(plan, 'create', 0)).toEqual({ hit: OK, plan })
  })

  it('hits listing too, except with a lost response, which only creating can have', () => {
    expect(decideHit(resolveTwilioFaults({ mode: 'error' }), 'read', 0).hit.mode).toBe('error')
    const lost = resolveTwilioFaults({ mode: 'lost-response', times: 1 })
    expect(decideHit(lost, 'read', 0)).toEqual({ hit: OK, plan: lost })
    expect(decideHit(lost, 'create', 0).hit.mode).toBe('lost-response')
  })

  it('counts hits down and stops at none', () => {
    const first = decideHit(resolveTwilioFaults({ mode: 'timeout', times: 1 }), 'create', 0)
    expect(first.plan.times).toBe(0)
    expect(decideHit(first.plan, 'create', 0).hit).toEqual(OK)
  })

  it('draws against the rate: 0 hits nobody, 1 everybody', () => {
    expect(decideHit(resolveTwilioFaults({ mode: 'error', rate: 0 }), 'create', 0).hit).toEqual(OK)
    expect(decideHit(resolveTwilioFaults({ mode: 'error', rate: 1 }), 'create', 0.999).hit.mode).toBe('error')
  })

  it('delays without any other fault', () => {
    expect(decideHit(resolveTwilioFaults({ latencyMs: 50 }), 'create', 0).hit).toEqual({ mode: 'ok', latencyMs: 50 })
  })
})
