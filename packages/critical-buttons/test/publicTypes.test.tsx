import { describe, expect, it } from '@jest/globals'
import { bookingConfirm, defineAction, smsSend, z } from '@org/contracts/client'
import {
  BookingConfirmButton,
  CriticalButton,
  type CriticalButtonsOptions,
  CriticalButtonsProvider,
  LeadStatusBulkUpdateButton,
  LeadStatusButton,
  messageTemplates,
  OfflineIndicator,
  type PartialMessages,
  SendSMSButton,
  SmsHistory,
  type SyncClient,
  useAppointmentSync,
  useBookingConfirm,
  useLeadStatusSync,
  useSmsHistory,
  useSyncMutation,
} from '../src/index.js'

const raiseLimit = defineAction({
  name: 'credit.raise',
  path: '/api/credit/raise',
  requestSchema: z.strictObject({ id: z.string() }),
  responseSchema: z.looseObject({ success: z.literal(true) }),
  lanes: ({ id }) => [`credit:${id}`],
  overlays: () => [],
  rows: () => [],
  ttlMs: 60_000,
  keyRequired: true,
  errorCodes: { CREDIT_LIMIT: { status: 422, retryable: false, text: 'Above your credit limit.' } },
})

// Read by the compiler alone: each line below an @ts-expect-error must be refused, everything else accepted.
function RightUse() {
  const lead = { id: 'lead-1', status: 'new' as const, firstName: 'Anna', appointmentDate: 'Monday', appointmentTime: '10am' }
  return (
    <>
      <BookingConfirmButton appointmentId="a" onError={(error) => error.code === 'ALREADY_CONFIRMED' && error.message.length} />
      <BookingConfirmButton
        appointmentId="a"
        onError={({ code }) => code === 'OFFLINE' || code === 'HTTP_404' || code === 'OUTCOME_UNKNOWN'}
      />
      <CriticalButton action={raiseLimit} request={{ id: 'c-1' }} onError={({ code }) => code === 'CREDIT_LIMIT'} />
      <BookingConfirmButton appointmentId="a" variant={lead.status === 'new' ? 'default' : 'disabled'} />
      <SendSMSButton leadId="l" message={messageTemplates.appointment_confirmation(lead)} templateId="appointment_confirmation" />
      <SendSMSButton leadId="l" message="m" variant="with-progress" onProgress={({ attempt, maxAttempts }) => attempt / maxAttempts} />
      <LeadStatusButton leadId="l" currentStatus="new" variant="with-confirm" confirmMessage={{ won: 'Sure?' }} />
      <LeadStatusButton leadId="l" currentStatus={lead.status} onSuccess={({ status, updatedBy }) => `${status} ${updatedBy}`} />
      <LeadStatusBulkUpdateButton leadIds={['a']} targetStatus="contacted" onSuccess={({ updated, status }) => `${updated} ${status}`} />
      <LeadStatusBulkUpdateButton leadIds={[lead]} targetStatus="contacted" onError={({ failed, message }) => `${failed} ${message}`} />
      <CriticalButton action={bookingConfirm} request={{ appointmentId: 'a' }} onSuccess={({ appointment }) => appointment.title} />
      <BookingConfirmButton appointmentId="a" className="mine" classNames={{ root: 'r', dialog: 'd' }} messages={{ label: () => 'Go' }} />
      <BookingConfirmButton appointmentId="a" notes="n" subject="Anna" maxAttempts={3} expiresAfterMs={60_000} announce={false} />
      <LeadStatusButton
        leadId="l"
        currentStatus="new"
        confirmMessage="Sure?"
        statusColors={{ new: { tone: 'blue' }, won: 'bg-green-100' }}
      />
      <LeadStatusBulkUpdateButton leadIds={[]} targetStatus="won" variant="with-confirm" confirmMessage="Sure?" onProgress={() => {}} />
      <CriticalButton action={bookingConfirm} request={(form) => ({ appointmentId: String(form.get('id')) })} type="submit" />
      <OfflineIndicator alwaysShown className="mine" />
      <SmsHistory leadId="l" id="history" />
      <BookingConfirmButton appointmentId="a" onSuccess={(appointment) => appointment.title.length} onAlreadyDone={({ notes }) => notes} />
      <SendSMSButton leadId="l" message="m" onSuccess={({ sentAt, lead_id }) => `${sentAt} ${lead_id}`} />
      <CriticalButtonsProvider options={{ apiUrl: 'https://api.example.com', getAccessToken: async () => 'token' }} />
    </>
  )
}

function WrongUse({ client }: { client: SyncClient }) {
  const { mutate } = useSyncMutation({ action: bookingConfirm })
  const sms = useSyncMutation({ action: smsSend, onError: ({ code }) => code === 'OPTED_OUT' })
  // @ts-expect-error a code of another action
  if (sms.error?.code === 'ALREADY_CONFIRMED') sms.reset()
  // @ts-expect-error a misspelt code
  useBookingConfirm('a', { onError: (error) => error.code === 'ALREADY_CONFIRMD' })
  // @ts-expect-error a misspelt code, of one click
  sms.mutate({ leadId: 'l', message: 'm' }, { onError: ({ code }) => code === 'OPTED_UT' })
  // @ts-expect-error a code of another action, by the client itself
  client.submit(bookingConfirm, { appointmentId: 'a' }, {}, { onError: ({ code }) => code === 'OPTED_OUT' })
  // @ts-expect-error a misspelt column, of a click's answer
  sms.mutate({ leadId: 'l', message: 'm' }, { onSuccess: (answer) => answer.sms.sent_att })
  // @ts-expect-error a misspelt column of a row that changed
  useLeadStatusSync('l').updatedLead?.first_name
  // @ts-expect-error a misspelt column of a row that changed
  useAppointmentSync('a').updatedAppointment?.titel
  // @ts-expect-error a misspelt column of an SMS
  useSmsHistory('l').messages.map(({ text }) => text)
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
      {/* @ts-expect-error an id is text */}
      <BookingConfirmButton appointmentId={123} />
      {/* @ts-expect-error one question, not one by status */}
      <BookingConfirmButton appointmentId="a" confirmMessage={{ won: 'Sure?' }} />
      {/* @ts-expect-error an error has a code, not a kind */}
      <BookingConfirmButton appointmentId="a" onError={(error) => error.kind} />
      {/* @ts-expect-error a misspelt code */}
      <BookingConfirmButton appointmentId="a" onError={(error) => error.code === 'ALREADY_CONFIRMD'} />
      {/* @ts-expect-error a misspelt column */}
      <BookingConfirmButton appointmentId="a" onSuccess={(appointment) => appointment.titel} />
      {/* @ts-expect-error a misspelt column */}
      <BookingConfirmButton appointmentId="a" onAlreadyDone={({ note }) => note} />
      {/* @ts-expect-error a misspelt column */}
      <SendSMSButton leadId="l" message="m" onSuccess={({ lead }) => lead} />
      {/* @ts-expect-error a misspelt column */}
      <LeadStatusButton leadId="l" currentStatus="new" onSuccess={({ first_name }) => first_name} />
      {/* @ts-expect-error a misspelt column */}
      <LeadStatusBulkUpdateButton leadIds={['a']} targetStatus="new" onSuccess={({ leads }) => leads.map(({ nmae }) => nmae)} />
      {/* @ts-expect-error a misspelt column in an action's answer */}
      <CriticalButton action={bookingConfirm} request={{ appointmentId: 'a' }} onSuccess={({ appointment }) => appointment.titel} />
      {/* @ts-expect-error a misspelt field of an action's answer */}
      <CriticalButton action={bookingConfirm} request={{ appointmentId: 'a' }} onSuccess={({ appointmnt }) => appointmnt} />
      {/* @ts-expect-error a code of another action */}
      <SendSMSButton leadId="l" message="m" onError={({ code }) => code === 'ALREADY_CONFIRMED'} />
      {/* @ts-expect-error a code of another action */}
      <LeadStatusButton leadId="l" currentStatus="new" onError={({ code }) => code === 'OPTED_OUT'} />
      {/* @ts-expect-error a code of another action */}
      <LeadStatusBulkUpdateButton leadIds={['a']} targetStatus="new" onError={({ code }) => code === 'OPTED_OUT'} />
      {/* @ts-expect-error a misspelt code of the team's own */}
      <CriticalButton action={raiseLimit} request={{ id: 'c-1' }} onError={({ code }) => code === 'CREDIT_LIMITS'} />
      {/* @ts-expect-error blocking is ours: `disabled` says it to everyone */}
      <BookingConfirmButton appointmentId="a" aria-disabled />
      {/* @ts-expect-error its click is a mutation, not a form's submission */}
      <BookingConfirmButton appointmentId="a" type="submit" />
      {/* @ts-expect-error a number of attempts */}
      <BookingConfirmButton appointmentId="a" maxAttempts="3" />
      {/* @ts-expect-error a part that does not exist */}
      <BookingConfirmButton appointmentId="a" classNames={{ spinner: 'x' }} />
      {/* @ts-expect-error a sentence this button does not say */}
      <BookingConfirmButton appointmentId="a" messages={{ title: () => 'x' }} />
      {/* @ts-expect-error a misspelt variant */}
      <BookingConfirmButton appointmentId="a" variant="with-confirmation" />
      {/* @ts-expect-error no message */}
      <SendSMSButton leadId="l" />
      {/* @ts-expect-error a message is made before it is passed */}
      <SendSMSButton leadId="l" message={() => 'm'} />
      {/* @ts-expect-error a template takes a lead */}
      <SendSMSButton leadId="l" message={messageTemplates.appointment_confirmation()} />
      {/* @ts-expect-error progress tells attempts, not a percentage */}
      <SendSMSButton leadId="l" message="m" onProgress={({ percent }) => percent} />
      {/* @ts-expect-error no status to begin with */}
      <LeadStatusButton leadId="l" />
      {/* @ts-expect-error a tone the palette lacks */}
      <LeadStatusButton leadId="l" currentStatus="new" statusColors={{ new: { tone: 'pink' } }} />
      {/* @ts-expect-error the label is the status */}
      <LeadStatusButton leadId="l" currentStatus="new">
        Own label
      </LeadStatusButton>
      {/* @ts-expect-error rows without an id */}
      <LeadStatusBulkUpdateButton leadIds={[{ name: 'Anna' }]} targetStatus="new" />
      {/* @ts-expect-error no status to set */}
      <LeadStatusBulkUpdateButton leadIds={['a']} />
      {/* @ts-expect-error its success counts leads; it is not one */}
      <LeadStatusBulkUpdateButton leadIds={['a']} targetStatus="new" onSuccess={({ leadId }) => leadId} />
      {/* @ts-expect-error a request made at the click is still this action's */}
      <CriticalButton action={bookingConfirm} request={(form) => ({ leadId: String(form.get('id')) })} />
      {/* @ts-expect-error no lead */}
      <SmsHistory />
      {/* @ts-expect-error shown always or not */}
      <OfflineIndicator alwaysShown="yes" />
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
