import { describe, expect, it } from '@jest/globals'
import { bookingConfirm } from '@org/contracts'
import {
  BookingConfirmButton,
  CriticalButton,
  type CriticalButtonsOptions,
  CriticalButtonsProvider,
  LeadStatusBulkUpdateButton,
  LeadStatusButton,
  messageTemplates,
  type PartialMessages,
  SendSMSButton,
  type SyncClient,
  useSyncMutation,
} from '../src/index.js'

// Read by the compiler alone: each line below an @ts-expect-error must be refused, everything else accepted.
function RightUse() {
  const lead = { id: 'lead-1', status: 'new' as const, firstName: 'Anna', appointmentDate: 'Monday', appointmentTime: '10am' }
  return (
    <>
      <BookingConfirmButton appointmentId="a" onError={(error) => error.code === 'ALREADY_CONFIRMED' && error.message.length} />
      <BookingConfirmButton appointmentId="a" variant={lead.status === 'new' ? 'default' : 'disabled'} />
      <SendSMSButton leadId="l" message={messageTemplates.appointment_confirmation(lead)} templateId="appointment_confirmation" />
      <SendSMSButton leadId="l" message="m" variant="with-progress" onProgress={({ attempt, maxAttempts }) => attempt / maxAttempts} />
      <LeadStatusButton leadId="l" currentStatus="new" variant="with-confirm" confirmMessage={{ won: 'Sure?' }} />
      <LeadStatusButton leadId="l" currentStatus={lead.status} onSuccess={({ status, updatedBy }) => `${status} ${updatedBy}`} />
      <LeadStatusBulkUpdateButton leadIds={['a']} targetStatus="contacted" onSuccess={({ updated, status }) => `${updated} ${status}`} />
      <LeadStatusBulkUpdateButton leadIds={[lead]} targetStatus="contacted" onError={({ failed, message }) => `${failed} ${message}`} />
      <CriticalButton action={bookingConfirm} request={{ appointmentId: 'a' }} onSuccess={({ appointment }) => appointment.title} />
      <CriticalButtonsProvider options={{ apiUrl: 'https://api.example.com', getAccessToken: async () => 'token' }} />
    </>
  )
}

function WrongUse({ client }: { client: SyncClient }) {
  const { mutate } = useSyncMutation({ action: bookingConfirm })
  // @ts-expect-error a request the action does not take
  mutate({ leadId: 'l' })
  // @ts-expect-error a language that answers with something else than text
  const messages: PartialMessages = { buttons: { tryAgain: 1 } }
  // @ts-expect-error a misspelt option
  const options: CriticalButtonsOptions = { apiURL: '' }
  return (
    <>
      {/* @ts-expect-error no appointment */}
      <BookingConfirmButton />
      {/* @ts-expect-error a misspelt variant */}
      <BookingConfirmButton appointmentId="a" variant="with-confirmation" />
      {/* @ts-expect-error no message */}
      <SendSMSButton leadId="l" />
      {/* @ts-expect-error not a status */}
      <LeadStatusButton leadId="l" currentStatus="newish" />
      {/* @ts-expect-error a question about something that is no status */}
      <LeadStatusButton leadId="l" currentStatus="new" confirmMessage={{ wonn: 'Sure?' }} />
      {/* @ts-expect-error the label is the status */}
      <LeadStatusButton leadId="l" currentStatus="new">
        Own label
      </LeadStatusButton>
      {/* @ts-expect-error rows without an id */}
      <LeadStatusBulkUpdateButton leadIds={[{ name: 'Anna' }]} targetStatus="new" />
      {/* @ts-expect-error a request of another action */}
      <CriticalButton action={bookingConfirm} request={{ leadId: 'l' }} />
      {/* @ts-expect-error a client, or options to make one, not both */}
      <CriticalButtonsProvider client={client} options={options} messages={messages} />
    </>
  )
}

describe('the types of the public API', () => {
  it('are checked by the compiler, which runs over this file', () => {
    expect([RightUse, WrongUse]).toHaveLength(2)
  })
})
