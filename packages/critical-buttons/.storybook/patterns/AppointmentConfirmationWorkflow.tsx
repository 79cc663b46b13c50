import { useState } from 'react'
import { BookingConfirmButton, type LeadStatus, LeadStatusButton, SendSMSButton } from '../../src/index.js'

interface WorkflowProps {
  appointment: { id: string }
  lead: { id: string; firstName: string; status: LeadStatus }
  onCompleted: () => void
}

/** Pattern 1: update booking, send SMS, and change status in sequence. */
export function AppointmentConfirmationWorkflow({ appointment, lead, onCompleted }: WorkflowProps) {
  const [step, setStep] = useState<'booking' | 'sms' | 'status'>('booking')

  return (
    <div className="workflow">
      {step === 'booking' && <BookingConfirmButton appointmentId={appointment.id} onSuccess={() => setStep('sms')} />}

      {step === 'sms' && (
        <SendSMSButton
          leadId={lead.id}
          message={`Hi ${lead.firstName}, your appointment is confirmed!`}
          onSuccess={() => setStep('status')}
        />
      )}

      {step === 'status' && (
        <LeadStatusButton
          leadId={lead.id}
          currentStatus={lead.status}
          onSuccess={() => {
            onCompleted()
            setStep('booking') // Reset
          }}
        />
      )}
    </div>
  )
}
