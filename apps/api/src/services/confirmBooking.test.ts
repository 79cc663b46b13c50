import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { bookingConfirm } from '@org/contracts'
import type { Database } from '../database/Database.js'
import { seedDemo } from '../database/seedDemo.js'
import { openTestDatabase } from '../database/testing/openTestDatabase.js'
import { confirmBooking } from './confirmBooking.js'
import { ANA, anActionCall, BEN, EVE } from './testing/anActionCall.js'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await seedDemo(database)
})

afterAll(() => database.close())

test('confirms a pending appointment in the name of the caller', async () => {
  const answer = await confirmBooking(database, anActionCall({ appointmentId: 'apt-123', notes: 'Client confirmed via phone' }))
  expect(answer).toMatchObject({ status: 200, recorded: true, replayed: false })
  const { appointment } = bookingConfirm.responseSchema.parse(JSON.parse(answer.body))
  expect(appointment).toMatchObject({
    id: 'apt-123',
    status: 'confirmed',
    confirmed_by: ANA.actor,
    notes: 'Client confirmed via phone',
    version: 2,
    updated_by: ANA.actor,
  })
  expect(appointment.confirmed_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('replays the same bytes when the same key returns, and takes effect once', async () => {
  const call = anActionCall({ appointmentId: 'apt-124' })
  const first = await confirmBooking(database, call)
  const second = await confirmBooking(database, call)
  expect(second).toEqual({ ...first, replayed: true })
  const [row] = await database.query('select version::int as version from public.appointments where id = $1', ['apt-124'])
  expect(row).toEqual({ version: 2 })
})

test('tells the second person that the appointment is already confirmed, with the row as it stands', async () => {
  await confirmBooking(database, anActionCall({ appointmentId: 'apt-125' }))
  const answer = await confirmBooking(database, anActionCall({ appointmentId: 'apt-125' }, { caller: BEN }))
  expect(answer).toMatchObject({ status: 409, recorded: true })
  expect(JSON.parse(answer.body)).toMatchObject({
    success: false,
    error: 'Appointment is already confirmed',
    code: 'ALREADY_CONFIRMED',
    appointment: { id: 'apt-125', confirmed_by: ANA.actor },
  })
})

test('does not know the appointment of another organisation, and records nothing', async () => {
  const call = anActionCall({ appointmentId: 'apt-901' })
  const answer = await confirmBooking(database, call)
  expect(answer).toMatchObject({ status: 404, recorded: false })
  expect(await database.query('select 1 from sync.ledger where key = $1', [call.key])).toEqual([])
  expect(await confirmBooking(database, anActionCall({ appointmentId: 'apt-901' }, { caller: EVE }))).toMatchObject({ status: 200 })
})

test('refuses to confirm what is cancelled', async () => {
  const answer = await confirmBooking(database, anActionCall({ appointmentId: 'apt-5' }))
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'NOT_CONFIRMABLE' })
})

test('refuses a click on an older version than the current one', async () => {
  const answer = await confirmBooking(database, anActionCall({ appointmentId: 'apt-1', expectedVersion: 7 }))
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'VERSION_CONFLICT', appointment: { version: 1 } })
  expect(await confirmBooking(database, anActionCall({ appointmentId: 'apt-1', expectedVersion: 1 }))).toMatchObject({ status: 200 })
})
