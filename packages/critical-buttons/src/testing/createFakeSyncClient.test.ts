import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { bookingConfirm, leadBulkUpdateStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { createFakeSyncClient } from './createFakeSyncClient.js'

const toQualified = { leadId: 'lead-123', status: 'qualified' } as const
const sms = { leadId: 'lead-123', message: 'Hi Anna' }
const rows = { leads: [aLead(), aLead({ id: 'lead-124' })], appointments: [anAppointment()] }
const PHASES = ['running', 'retrying', 'queued', 'circuit-open', 'checking', 'success', 'conflict', 'error', 'unknown'] as const

afterEach(() => void jest.useRealTimers())

describe('a fake client', () => {
  it('works where there is no structuredClone, as in the jsdom of Jest', async () => {
    const { structuredClone } = globalThis
    Object.assign(globalThis, { structuredClone: undefined })
    try {
      const client = await createFakeSyncClient({ rows })
      const { id } = client.submit(leadUpdateStatus, toQualified)
      await client.settle()
      expect(client.getMutation(id)).toMatchObject({ phase: 'running', durability: 'disk' })
      expect(client.world.server.writes).toHaveLength(1)
      expect(await client.succeed()).toMatchObject({ phase: 'success' })
    } finally {
      Object.assign(globalThis, { structuredClone })
    }
  })

  it('is at rest when it is there: signed in, with its rows, and nothing waits', async () => {
    const client = await createFakeSyncClient({ rows })
    expect(client.getIdentity()).toEqual({ state: 'confirmed', actor: 'user-456', tenant: 'org-1' })
    expect(client.getRow('leads', 'lead-123')?.row).toEqual(aLead())
    expect(client.getConnectivity()).toMatchObject({ online: true, pendingCount: 0, attentionCount: 0 })
  })

  it('does not know who is signed in before the first step, where it is told so', async () => {
    const client = await createFakeSyncClient({ user: 'loading' })
    expect(client.getIdentity()).toEqual({ state: 'loading' })
    await client.settle()
    expect(client.getIdentity()).toMatchObject({ state: 'confirmed' })
  })

  it('changes nothing by itself: what a click shows at once it shows until the next step', async () => {
    const client = await createFakeSyncClient({ rows })
    const changed = jest.fn()
    const { id } = client.submit(leadUpdateStatus, toQualified)
    client.subscribeMutation(id, changed)
    expect(client.getMutation(id)).toMatchObject({ phase: 'running', attempt: 0 })
    expect(client.getRow('leads', 'lead-123')).toMatchObject({ row: { status: 'qualified' }, base: { status: 'new' }, pendingIds: [id] })
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(changed).not.toHaveBeenCalled()
    await client.settle()
    expect(client.getMutation(id)).toMatchObject({ phase: 'running', attempt: 1 })
    expect(client.world.server.writes).toHaveLength(1)
  })

  it('keeps one record of a double click', async () => {
    const client = await createFakeSyncClient({ rows })
    const [first, second] = [client.submit(smsSend, sms), client.submit(smsSend, sms)]
    expect(second.id).toBe(first.id)
    expect(client.submissions).toMatchObject([{ id: first.id, action: smsSend, request: sms }])
  })
})

describe.each(['real', 'fake'] as const)('with timers that are %s', (timers) => {
  it.each(PHASES)('comes into the phase %s', async (phase) => {
    if (timers === 'fake') jest.useFakeTimers()
    const client = await createFakeSyncClient({ rows })
    expect(await client.click(smsSend, sms, phase)).toMatchObject({ phase })
    expect(client.getLatestInLane('lead:lead-123:sms', 'sms.send')?.phase).toBe(phase)
  })

  it('comes into the phase partial', async () => {
    if (timers === 'fake') jest.useFakeTimers()
    const client = await createFakeSyncClient({ rows })
    const failures = [{ leadId: 'lead-124', code: 'STATUS_FINAL' }]
    const request = { leadIds: ['lead-123', 'lead-124'], status: 'contacted' }
    const view = await client.click(leadBulkUpdateStatus, request, { phase: 'partial', answer: { updated: 1, failures } })
    expect(view).toMatchObject({ phase: 'partial', error: { updated: 1, failed: 1, failures } })
  })
})

describe('a step', () => {
  it('goes on from a phase to any later one', async () => {
    const client = await createFakeSyncClient({ rows })
    const { id } = client.submit(smsSend, sms)
    for (const phase of ['running', 'retrying', 'queued', 'circuit-open', 'checking', 'success'] as const)
      expect((await client.drive(phase)).phase).toBe(phase)
    expect(client.world.server.effects).toEqual([id])
  })

  it('leaves attempts as they are asked for', async () => {
    const client = await createFakeSyncClient({ rows })
    expect(await client.click(smsSend, sms, { phase: 'retrying', attempt: 4 })).toMatchObject({ attempt: 4, maxAttempts: 5 })
    expect(client.world.server.heldKeys).toHaveLength(1)
  })

  it('says why it cannot be', async () => {
    const client = await createFakeSyncClient()
    client.submit(bookingConfirm, { appointmentId: 'apt-123' })
    await expect(client.succeed()).rejects.toThrow('is "error" (NOT_FOUND: This record does not exist')
    await expect(client.succeed()).rejects.toThrow('it is "error", and no request of it is on its way')
    await expect(client.drive('running', 'nobody')).rejects.toThrow('There is no click "nobody"')
  })

  it('takes what a person does, and answers', async () => {
    const client = await createFakeSyncClient({ rows })
    const { id } = await client.click(smsSend, sms)
    expect(await client.cancel(id)).toBe('cancelled')
    expect(client.getQueue()).toEqual([])
    await client.click(smsSend, sms, 'queued')
    await client.signOut()
    expect(client.getConnectivity().waitingForSignIn).toBe(1)
  })
})

describe('what the server says', () => {
  it('is told to the owner after the row has changed', async () => {
    const client = await createFakeSyncClient({ rows })
    const seen: unknown[] = []
    client.submit(leadUpdateStatus, toQualified, {}, { onSuccess: () => seen.push(client.getRow('leads', 'lead-123')?.base?.status) })
    await client.succeed()
    expect(seen).toEqual(['qualified'])
    expect(client.getRow('leads', 'lead-123')?.base).toMatchObject({ version: 2, updated_by: 'user-456' })
  })

  it('may be an answer of one’s own', async () => {
    const client = await createFakeSyncClient({ rows })
    client.submit(bookingConfirm, { appointmentId: 'apt-123' })
    const appointment = anAppointment({ version: 7, status: 'confirmed', notes: 'by the server' })
    await client.succeed({ success: true, appointment })
    expect(client.getRow('appointments', 'apt-123')?.base).toEqual(appointment)
  })

  it('may be a refusal of one’s own, after which all is as before', async () => {
    const client = await createFakeSyncClient({ rows })
    client.submit(leadUpdateStatus, toQualified)
    const view = await client.fail({ code: 'CREDIT_LIMIT', message: 'Above your credit limit.' })
    expect(view.error).toMatchObject({ code: 'CREDIT_LIMIT', message: 'Above your credit limit.', status: 422, willRetry: false })
    expect(client.getRow('leads', 'lead-123')?.row).toEqual(aLead())
  })

  it('may be what is tried again by itself', async () => {
    const client = await createFakeSyncClient({ rows })
    client.submit(leadUpdateStatus, toQualified)
    expect(await client.fail('INTERNAL')).toMatchObject({ phase: 'retrying', error: { code: 'INTERNAL', willRetry: true } })
  })
})

describe('a live page', () => {
  it('answers clicks by itself', async () => {
    const client = await createFakeSyncClient({ rows, live: true })
    const { settled } = client.submit(leadUpdateStatus, toQualified)
    expect(await settled).toMatchObject({ phase: 'success' })
    expect(client.getRow('leads', 'lead-123')?.base).toMatchObject({ status: 'qualified', version: 2 })
    client.destroy()
  })
})

describe('a change by someone', () => {
  it('reaches who watches its table', async () => {
    const client = await createFakeSyncClient({ rows })
    const heard = jest.fn()
    client.realtime.subscribe('leads', heard, { id: 'lead-123' })
    await client.commit('leads', aLead({ version: 2, status: 'lost', updated_by: 'ben' }))
    await client.commit('leads', aLead({ id: 'lead-124', version: 2 }))
    expect(heard.mock.calls).toMatchObject([[{ eventType: 'UPDATE', new: { status: 'lost' }, origin: { actor: 'ben' } }]])
    expect(client.realtime.getState('leads').state).toBe('live')
    expect(client.getRow('leads', 'lead-123')?.base).toMatchObject({ version: 2 })
  })
})
