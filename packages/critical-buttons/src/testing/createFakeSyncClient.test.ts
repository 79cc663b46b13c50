import { describe, expect, it } from '@jest/globals'
import { bookingConfirm, leadUpdateStatus } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { createFakeSyncClient } from './createFakeSyncClient.js'
import { driveToPhase } from './driveToPhase.js'

const toQualified = { leadId: 'lead-123', status: 'qualified' } as const

describe('the connectivity of a fake client', () => {
  it('keeps the counts it was given, also when something is clicked', () => {
    const client = createFakeSyncClient()
    client.setConnectivity({ online: false, pendingCount: 2 })
    expect(client.getConnectivity()).toMatchObject({ online: false, pendingCount: 2, attentionCount: 0 })
    client.submit(leadUpdateStatus, toQualified)
    expect(client.getConnectivity().pendingCount).toBe(2)
  })

  it('counts the clicks where no count was given', () => {
    const client = createFakeSyncClient()
    client.setConnectivity({ online: false })
    client.submit(leadUpdateStatus, toQualified)
    expect(client.getConnectivity()).toMatchObject({ pendingCount: 1, attentionCount: 0 })
    client.fail({ code: 'INTERNAL' })
    expect(client.getConnectivity()).toMatchObject({ pendingCount: 0, attentionCount: 1 })
  })

  it('tells its listeners what is so by then', () => {
    const client = createFakeSyncClient()
    const told: number[] = []
    client.subscribeQueue(() => told.push(client.getConnectivity().pendingCount))
    client.setConnectivity({ pendingCount: 3 })
    expect(told).toEqual([3])
  })

  it('is the same object until something in it has changed', () => {
    const client = createFakeSyncClient()
    const before = client.getConnectivity()
    client.setConnectivity({ online: true })
    expect(client.getConnectivity()).toBe(before)
  })
})

describe('a success that is driven', () => {
  it('takes effect on the row, as the action said it would', () => {
    const client = createFakeSyncClient({ rows: { leads: [aLead()] } })
    driveToPhase(client, leadUpdateStatus, toQualified, { phase: 'success' })
    const { row, base, pendingIds } = client.getRow('leads', 'lead-123') ?? {}
    expect(base).toMatchObject({ status: 'qualified', version: aLead().version + 1, updated_by: 'user-456' })
    expect(row).toEqual(base)
    expect(pendingIds).toEqual([])
  })

  it('takes effect by the row of its answer when there is one', () => {
    const client = createFakeSyncClient({ rows: { appointments: [anAppointment()] } })
    const appointment = anAppointment({ version: 7, status: 'confirmed', notes: 'by the server' })
    driveToPhase(client, bookingConfirm, { appointmentId: 'apt-123' }, { phase: 'success', data: { success: true, appointment } })
    expect(client.getRow('appointments', 'apt-123')?.base).toEqual(appointment)
  })

  it('is told to its owner after the row has changed', () => {
    const client = createFakeSyncClient({ rows: { leads: [aLead()] } })
    const seen: unknown[] = []
    client.submit(leadUpdateStatus, toQualified, {}, { onSuccess: () => seen.push(client.getRow('leads', 'lead-123')?.base?.status) })
    client.succeed({ success: true })
    expect(seen).toEqual(['qualified'])
  })

  it('changes nothing when it fails instead', () => {
    const client = createFakeSyncClient({ rows: { leads: [aLead()] } })
    driveToPhase(client, leadUpdateStatus, toQualified, { phase: 'error' })
    expect(client.getRow('leads', 'lead-123')?.row).toEqual(aLead())
  })
})
