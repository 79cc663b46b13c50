import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { leadBulkUpdateStatus, smsSend } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { MutationController } from './MutationController.js'
import { MutationFailure } from './MutationFailure.js'
import { callbacksOf } from './MutationHandlers.js'
import { lagAsShown } from './ShownPhase.js'

const A = { leadId: 'lead-123', message: 'A' }
const B = { leadId: 'lead-123', message: 'B' }

/** A was clicked, then B; a further click on A joins the first, as it does when the server has taken that over. */
async function clickABA() {
  const client = await createFakeSyncClient()
  const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
  controller.subscribe(() => {})
  const first = client.submit(smsSend, A)
  await client.drive('checking')
  await client.goOffline()
  client.submit(smsSend, B)
  const submit = client.submit
  client.submit = () => first as never
  controller.mutate(A)
  client.submit = submit
  const shown = () => (controller.getSnapshot().view?.request as typeof A | undefined)?.message
  return { client, controller, shown, first }
}

describe('MutationController', () => {
  it('shows the newest of its lane', async () => {
    const client = await createFakeSyncClient()
    const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
    client.submit(smsSend, A)
    client.submit(smsSend, B)
    expect(controller.getSnapshot().view?.request).toEqual(B)
  })

  it('shows the mutation a click has joined, though its lane has a newer one', async () => {
    const { client, shown } = await clickABA()
    expect(client.submissions).toHaveLength(2)
    expect(shown()).toBe('A')
  })

  it('goes back to its lane when that has something newer', async () => {
    const { client, shown } = await clickABA()
    client.submit(smsSend, { leadId: 'lead-123', message: 'C' })
    expect(shown()).toBe('C')
  })

  it('goes back to its lane when the joined one is dismissed', async () => {
    const { client, controller, shown, first } = await clickABA()
    await client.fail('EFFECT_REFUSED', first.id)
    expect(shown()).toBe('A')
    controller.dismiss()
    await client.settle()
    expect(shown()).toBe('B')
  })

  it('tells each step once, also an owner that throws at it', async () => {
    const client = await createFakeSyncClient()
    const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
    const told: number[] = []
    controller.optionsOf = () => ({
      onProgress: ({ attempt }) => {
        told.push(attempt)
        throw new Error('owner')
      },
    })
    controller.mutate(A)
    await client.settle()
    // It is looked at again, and nothing about it is news.
    await client.goOffline()
    await client.goOnline()
    expect(told).toEqual([1])
  })

  it('tells the click itself although the owner throws', () => {
    const throwing = () => {
      throw new Error('owner')
    }
    const callbacks = callbacksOf(() => ({ onSuccess: throwing, onError: throwing, onSettled: throwing }), {
      onSuccess: () => told.push('success'),
      onError: () => told.push('error'),
      onSettled: () => told.push('settled'),
    })
    const told: string[] = []
    expect(() => callbacks.onSuccess?.({}, {} as never)).toThrow('owner')
    expect(() => callbacks.onError?.({} as never, {} as never)).toThrow('owner')
    expect(() => callbacks.onSettled?.({} as never)).toThrow('owner')
    expect(told).toEqual(['success', 'error', 'settled'])
  })

  it('locks out a second click while one is being sent, unless it is to be sent after that', async () => {
    const client = await createFakeSyncClient()
    const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
    controller.mutate(A)
    controller.mutate(B)
    controller.mutate(A, { queue: true })
    expect(client.submissions.map(({ request }) => request)).toEqual([A])
    controller.mutate(B, { queue: true })
    expect(client.submissions.map(({ request }) => request)).toEqual([A, B])
  })
})

describe('what a refusal at the click stands in front of', () => {
  async function refusedAfter(phase: 'unknown' | 'error') {
    // What nobody knows the outcome of takes a place.
    const client = await createFakeSyncClient({ maxUnfinished: phase === 'unknown' ? 2 : 1 })
    const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
    controller.subscribe(() => {})
    controller.mutate(A)
    await client.drive(phase)
    await client.goOffline()
    client.submit(smsSend, { leadId: 'lead-9', message: 'fills the queue' })
    return { client, controller }
  }

  it('is not dismissed with it', async () => {
    const { client, controller } = await refusedAfter('unknown')
    controller.mutate(B)
    expect(controller.getSnapshot()).toMatchObject({ phase: 'error', refusal: { code: 'QUEUE_FULL' } })
    controller.dismiss()
    await client.settle()
    expect(controller.getSnapshot()).toMatchObject({ phase: 'unknown', refusal: undefined })
  })

  it('is not lost when it could not be tried again', async () => {
    const { client, controller } = await refusedAfter('error')
    controller.retryNow()
    await client.settle()
    expect(controller.getSnapshot()).toMatchObject({ phase: 'error', request: A, refusal: { code: 'QUEUE_FULL' } })
    controller.dismiss()
    await client.settle()
    expect(controller.getSnapshot()).toMatchObject({ phase: 'error', request: A, view: { phase: 'error' }, refusal: undefined })
  })
})

it('says of no other click of the lane that it was not sent twice', async () => {
  const client = await createFakeSyncClient({ rows: { leads: [aLead()] } })
  const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
  controller.subscribe(() => {})
  controller.mutate(A)
  await client.succeed()
  controller.mutate(A)
  expect(controller.getSnapshot()).toMatchObject({ phase: 'success', repeated: true })
  client.submit(smsSend, B)
  await client.succeed()
  expect(controller.getSnapshot()).toMatchObject({ phase: 'success', request: B, repeated: false })
})

describe('a success on a button', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  it.each([
    { keepsSuccess: false, after: 'idle' },
    { keepsSuccess: true, after: 'success' },
  ])('goes after two seconds, unless the client keeps it for a picture: %p', async ({ keepsSuccess, after }) => {
    const client = await createFakeSyncClient({ rows: { leads: [aLead()] } })
    client.keepsSuccess = keepsSuccess
    const controller = new MutationController(client, smsSend, 'lead:lead-123:sms', lagAsShown)
    controller.subscribe(() => {})
    controller.mutate(A)
    await client.succeed()
    jest.advanceTimersByTime(1_900)
    expect(controller.getSnapshot().shown).toBe('success')
    jest.advanceTimersByTime(200)
    expect(controller.getSnapshot().shown).toBe(after)
  })
})

describe('an answer that could not be read', () => {
  it('is an ending, and hands nothing over', async () => {
    const client = await createFakeSyncClient()
    const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
    const told: string[] = []
    controller.optionsOf = () => ({ onSuccess: () => told.push('success'), onSettled: ({ phase }) => told.push(`settled: ${phase}`) })
    const answer = controller.mutateAsync(A)
    // The second time it is certain: what the ledger holds is done, whoever can read it.
    for (const _ of [1, 2]) await client.answer({ status: 200, body: {}, headers: { 'Idempotency-Outcome': 'recorded' } })
    expect(told).toEqual(['settled: success'])
    expect(await answer).toBeUndefined()
  })
})

describe('mutateAsync', () => {
  async function click() {
    const client = await createFakeSyncClient()
    const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
    const failure = (request = A) => controller.mutateAsync(request).then(String, (error: unknown) => error)
    return { client, controller, failure }
  }

  it('rejects with an Error that has all that a refusal tells', async () => {
    const { client, failure } = await click()
    const failed = failure()
    await client.fail({ code: 'OPTED_OUT', message: 'This person asked not to get SMS any more.', status: 422 })
    const error = await failed
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(MutationFailure)
    expect(error).toMatchObject({
      name: 'MutationFailure',
      code: 'OPTED_OUT',
      message: 'This person asked not to get SMS any more.',
      status: 422,
      willRetry: false,
    })
    expect((error as MutationFailure).mutation).toMatchObject({ phase: 'error', request: A })
  })

  it('rejects with an Error when the click never became a mutation', async () => {
    const { failure } = await click()
    const error = await failure({ leadId: 'lead-123', message: '' })
    expect(error).toBeInstanceOf(MutationFailure)
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', mutation: undefined })
    expect(JSON.stringify(error)).not.toContain('lead-123')
  })

  it('rejects with the defect that stopped a click, and whoever clicked reads that nothing was sent', async () => {
    const { client, controller, failure } = await click()
    const told: string[] = []
    controller.optionsOf = () => ({ onError: ({ code }) => told.push(code) })
    const defect = new TypeError('sms.send: a request is an object')
    client.submit = () => {
      throw defect
    }
    expect(await failure()).toBe(defect)
    expect(() => controller.mutate(A)).toThrow(defect)
    expect(controller.getSnapshot()).toMatchObject({ phase: 'error', refusal: { code: 'INVALID_REQUEST', willRetry: false } })
    expect(told).toEqual(['INVALID_REQUEST', 'INVALID_REQUEST'])
  })

  it('does not send a click whose onMutate throws, and says so', async () => {
    const { client, controller } = await click()
    const defect = new Error('not valid')
    controller.optionsOf = () => ({
      onMutate: () => {
        throw defect
      },
    })
    expect(() => controller.mutate(A)).toThrow(defect)
    expect([controller.getSnapshot().phase, client.submissions]).toEqual(['error', []])
  })

  it.each([
    ['unknown', { code: 'OUTCOME_UNKNOWN' }],
    ['conflict', { code: 'VERSION_CONFLICT' }],
    ['partial', { code: 'PARTIAL', updated: 2, failed: 1 }],
  ] as const)('rejects with an Error at the ending "%s"', async (phase, told) => {
    const client = await createFakeSyncClient()
    const controller = new MutationController(client, leadBulkUpdateStatus, 'lead:lead-123:status')
    const failed = controller.mutateAsync({ leadIds: ['lead-123'], status: 'lost' }).catch((error: unknown) => error)
    await client.drive(phase)
    expect(await failed).toMatchObject({ ...told, mutation: { phase } })
    expect(await failed).toBeInstanceOf(Error)
  })

  it('says that the outcome is open when the client is closed before there is one', async () => {
    const { client, failure } = await click()
    const failed = failure()
    await client.drive('retrying')
    client.destroy()
    const error = await failed
    expect(error).toBeInstanceOf(MutationFailure)
    expect(error).toMatchObject({ code: 'CLIENT_CLOSED', willRetry: true, mutation: { phase: 'retrying' } })
  })
})
