import { describe, expect, it } from '@jest/globals'
import { type CallResult, classifyOutcome, failureReason } from './classifyOutcome.js'
import { CarrierTimeout } from './twilioCarrier.js'

const twilioError = (status: number, code?: number) => Object.assign(new Error('as Twilio said'), { status, code })
const networkError = (code: string) => Object.assign(new Error('network'), { code })

describe('classifyOutcome', () => {
  it.each<[string, CallResult, string, string]>([
    ['an accepted message', { sid: 'SM1' }, 'accepted', 'success'],
    ['429', { error: twilioError(429, 20429) }, 'postpone', 'none'],
    ['20429 under another status', { error: twilioError(400, 20429) }, 'postpone', 'none'],
    ['429 without a body', { error: twilioError(429) }, 'postpone', 'none'],
    ['bad credentials', { error: twilioError(401, 20003) }, 'postpone', 'isolate'],
    ['401 without a body', { error: twilioError(401) }, 'postpone', 'isolate'],
    ...[21211, 21614, 21612, 21408, 21606, 21617, 21635, 99999].map((code): [string, CallResult, string, string] => [
      `${code}`,
      { error: twilioError(400, code) },
      'failed',
      'success',
    ]),
    ['a closed port', { error: networkError('ECONNREFUSED') }, 'postpone', 'failure'],
    ['an unknown host', { error: networkError('ENOTFOUND') }, 'postpone', 'failure'],
    ['no name server', { error: networkError('EAI_AGAIN') }, 'postpone', 'failure'],
    ['500', { error: twilioError(500, 20500) }, 'indeterminate', 'failure'],
    ['503', { error: twilioError(503) }, 'indeterminate', 'failure'],
    ['a cut connection', { error: networkError('ECONNRESET') }, 'indeterminate', 'failure'],
    ['a timeout', { error: networkError('ECONNABORTED') }, 'indeterminate', 'failure'],
    ['an unreadable 201', { error: new SyntaxError('Unexpected end of JSON input') }, 'indeterminate', 'failure'],
    ['a 4xx without Twilio’s code', { error: twilioError(404) }, 'indeterminate', 'failure'],
    ['a 201 without a sid', { sid: undefined as unknown as string }, 'indeterminate', 'failure'],
    ['something that is no error at all', { error: 'what?' }, 'indeterminate', 'failure'],
  ])('takes %s for what it is', (_name, result, kind, breaker) => {
    expect(classifyOutcome(result)).toMatchObject({ kind, breaker })
  })

  it('tells a STOP apart from other rejections, and keeps the reason', () => {
    expect(classifyOutcome({ error: twilioError(400, 21610) })).toMatchObject({ kind: 'failed', errorCode: 21610, optedOut: true })
    expect(classifyOutcome({ error: twilioError(400, 21211) })).toMatchObject({ optedOut: false, reason: 'as Twilio said' })
  })

  it('gives reasons that name no number', () => {
    const error = Object.assign(new Error('connect to +12025550123 failed'), { code: 'EWEIRD' })
    expect(classifyOutcome({ error })).toEqual({ kind: 'indeterminate', reason: 'EWEIRD', breaker: 'failure' })
  })

  it('calls our own limit a timeout, not an answer that cannot be read', () => {
    const error = new CarrierTimeout('Twilio did not answer within 7000 ms')
    expect(classifyOutcome({ error })).toMatchObject({ kind: 'indeterminate', reason: 'TIMEOUT' })
    expect(failureReason(error)).toBe('TIMEOUT')
  })
})
