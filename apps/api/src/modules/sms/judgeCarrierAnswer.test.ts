import { describe, expect, it } from '@jest/globals'
import { CarrierTimeout } from './carrierInTime.js'
import { type CallResult, failureReason, judgeCarrierAnswer } from './judgeCarrierAnswer.js'

const twilioError = (status: number, code?: number) => Object.assign(new Error('as Twilio said'), { status, code })
const networkError = (code: string) => Object.assign(new Error('network'), { code })
type Row = [name: string, result: CallResult, kind: string, breaker: string]
const refusals = (kind: string, breaker: string, ...answers: [status: number, code?: number][]): Row[] =>
  answers.map(([status, code]) => [`${status} with ${code ?? 'no code'}`, { error: twilioError(status, code) }, kind, breaker])

describe('judgeCarrierAnswer', () => {
  it.each<Row>([
    ['an accepted message', { sid: 'SM1' }, 'accepted', 'success'],
    // Too much for now: it says nothing about the message, and nothing about the service's health.
    ...refusals('postpone', 'none', [429, 20429], [400, 20429], [429], [400, 21611], [429, 21611], [400, 63038], [429, 63038]),
    ...refusals('postpone', 'none', [408, 20408], [409, 20409], [425, 20425]),
    // About the account: the next message would be refused as well.
    ...refusals('postpone', 'isolate', [401, 20003], [401], [403, 20003], [403, 20005], [401, 20006], [403, 20006], [402, 20402], [402]),
    ...refusals('postpone', 'isolate', [400, 21606], [400, 21701], [404, 21701], [400, 21705]),
    ...refusals('postpone', 'isolate', [400, 21212], [400, 21601], [400, 21603], [400, 21660], [400, 21704]),
    // A short code that does not serve this person's country: other people's messages go out.
    ...refusals('failed', 'success', [400, 21659]),
    // About this message.
    ...refusals('failed', 'success', [400, 21211], [400, 21614], [400, 21612], [400, 21408], [400, 21617], [400, 21635]),
    ...refusals('failed', 'success', [400, 21610], [400, 99999], [403, 20403], [404, 20404], [422, 30034]),
    ['a closed port', { error: networkError('ECONNREFUSED') }, 'postpone', 'failure'],
    ['an unknown host', { error: networkError('ENOTFOUND') }, 'postpone', 'failure'],
    ['no name server', { error: networkError('EAI_AGAIN') }, 'postpone', 'failure'],
    // Twilio itself says that it took nothing.
    ...refusals('postpone', 'failure', [503, 20503], [503, 20001]),
    // A proxy's page, or an error in the middle of accepting: it may have been taken.
    ...refusals('indeterminate', 'failure', [503], [500], [500, 20500], [502, 20502], [504, 20504], [404], [408], [409], [425], [403]),
    ...refusals('indeterminate', 'failure', [500, 20003], [500, 21211], [302, 20001]),
    ['a 503 whose code is no number', { error: Object.assign(new Error(), { status: 503, code: '20503' }) }, 'indeterminate', 'failure'],
    ['a cut connection', { error: networkError('ECONNRESET') }, 'indeterminate', 'failure'],
    ['a timeout', { error: networkError('ECONNABORTED') }, 'indeterminate', 'failure'],
    ['an unreadable 201', { error: new SyntaxError('Unexpected end of JSON input') }, 'indeterminate', 'failure'],
    ['a 201 without a sid', { sid: undefined as unknown as string }, 'indeterminate', 'failure'],
    ['something that is no error at all', { error: 'what?' }, 'indeterminate', 'failure'],
  ])('takes %s for what it is', (_name, result, kind, breaker) => {
    expect(judgeCarrierAnswer(result)).toMatchObject({ kind, breaker })
  })

  it('waits for the next day when the day is used up, and for nothing else', () => {
    expect(judgeCarrierAnswer({ error: twilioError(400, 63038) })).toMatchObject({ until: 'next-day' })
    expect(judgeCarrierAnswer({ error: twilioError(400, 21611) })).not.toHaveProperty('until')
  })

  it('names what is wrong with the account', () => {
    const reasonOf = (status: number, code?: number) => judgeCarrierAnswer({ error: twilioError(status, code) })
    expect(reasonOf(403, 20005)).toMatchObject({ reason: 'account-suspended' })
    expect(reasonOf(400, 21606)).toMatchObject({ reason: 'sender-invalid' })
    expect(reasonOf(402)).toMatchObject({ reason: 'payment-required' })
  })

  it('tells a STOP apart from other rejections, and keeps the reason', () => {
    expect(judgeCarrierAnswer({ error: twilioError(400, 21610) })).toMatchObject({ kind: 'failed', errorCode: 21610, optedOut: true })
    expect(judgeCarrierAnswer({ error: twilioError(400, 21211) })).toMatchObject({ optedOut: false, reason: 'as Twilio said' })
  })

  it('gives reasons that name no number', () => {
    const error = Object.assign(new Error('connect to +12025550123 failed'), { code: 'EWEIRD' })
    expect(judgeCarrierAnswer({ error })).toEqual({ kind: 'indeterminate', reason: 'EWEIRD', breaker: 'failure' })
  })

  it('calls our own limit a timeout, not an answer that cannot be read', () => {
    const error = new CarrierTimeout('Twilio did not answer within 7000 ms')
    expect(judgeCarrierAnswer({ error })).toMatchObject({ kind: 'indeterminate', reason: 'TIMEOUT' })
    expect(failureReason(error)).toBe('TIMEOUT')
  })
})
