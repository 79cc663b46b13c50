import { BookingConfirmButton, LeadStatusButton, SendSMSButton } from '@org/critical-buttons'
import { useState } from 'react'
import type { AppointmentRow, LeadRow } from '../data/useRows.js'
import { formatDay, formatTime } from '../format/format.js'
import { Notice } from '../notices/Notice.js'
import { STEPS, type Step, workflowsIn } from './workflow.js'

interface Props {
  leads: readonly LeadRow[]
  appointments: readonly AppointmentRow[]
}

/** An appointment is confirmed, its lead is told, and moved on. Which appointment is chosen once: it does not stay pending. */
export function WorkflowPattern({ leads, appointments }: Props) {
  const [chosen, setChosen] = useState<string>()
  const workflows = workflowsIn(appointments, leads, chosen)
  const current = workflows.find(({ appointment }) => appointment.id === chosen) ?? workflows[0]
  if (current === undefined)
    return (
      <Notice icon="calendar" title="No appointment waits to be confirmed">
        <p className="small">A new appointment appears here by itself.</p>
      </Notice>
    )
  const { appointment, lead } = current
  return (
    <article className="pattern-card">
      <label className="field">
        <span>Appointment</span>
        <select className="input" value={appointment.id} onChange={({ target }) => setChosen(target.value)}>
          {workflows.map((one) => (
            <option key={one.appointment.id} value={one.appointment.id}>
              {`${one.appointment.title} with ${one.lead.name}, ${formatDay(one.appointment.scheduled_at)}`}
            </option>
          ))}
        </select>
      </label>
      <Workflow key={appointment.id} appointment={appointment} lead={lead} onBegun={() => setChosen(appointment.id)} />
    </article>
  )
}

function Workflow({ appointment, lead, onBegun }: { appointment: AppointmentRow; lead: LeadRow; onBegun: () => void }) {
  const [step, setStep] = useState<Step>('booking')
  const firstName = lead.name.split(' ')[0]
  const confirmed = () => {
    onBegun()
    setStep('sms')
  }
  return (
    <>
      <ol className="workflow-steps">
        {STEPS.map(({ name, title }, index) => (
          <li key={name} aria-current={name === step ? 'step' : undefined} data-done={index < placeOf(step) || undefined}>
            {title}
          </li>
        ))}
      </ol>
      {/* Confirmed by somebody else, or before a reload, is confirmed: the workflow goes on. */}
      {step === 'booking' && <BookingConfirmButton appointmentId={appointment.id} onSuccess={confirmed} onAlreadyDone={confirmed} />}
      {step === 'sms' && (
        <SendSMSButton
          leadId={lead.id}
          message={`Hi ${firstName}, your appointment on ${formatDay(appointment.scheduled_at)} at ${formatTime(appointment.scheduled_at)} is confirmed.`}
          variant="with-progress"
          onSuccess={() => setStep('status')}
        />
      )}
      {step === 'status' && (
        <LeadStatusButton leadId={lead.id} currentStatus={lead.status} variant="with-confirm" onSuccess={() => setStep('done')} />
      )}
      {step === 'done' && <p role="status">{`${lead.name} knows, and is moved on.`}</p>}
    </>
  )
}

const placeOf = (step: Step) => (step === 'done' ? STEPS.length : STEPS.findIndex(({ name }) => name === step))
