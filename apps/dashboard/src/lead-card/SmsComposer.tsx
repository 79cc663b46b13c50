import { SendSMSButton } from '@org/critical-buttons'
import { useState } from 'react'
import type { AppointmentRow, LeadRow } from '../data/useRows.js'
import { useUnseenToast } from '../toasts/useUnseenToast.js'
import { draftFrom, type SmsDraft, type TemplateId, templateChoices } from './smsDraft.js'
import { smsLength, smsLengthText } from './smsLength.js'

/** A template or own words, and the button that sends them. */
export function SmsComposer({ lead, appointment }: { lead: LeadRow; appointment: AppointmentRow | undefined }) {
  const choices = templateChoices(appointment)
  const [draft, setDraft] = useState<SmsDraft>(() => draftFrom(choices[0]!.id, lead, appointment))
  const { trigger, tell } = useUnseenToast<HTMLButtonElement>()
  const length = smsLength(draft.text)
  const cannotBeSent = draft.text.trim() === '' || length.tooMany > 0 || lead.phone === null
  return (
    <section aria-labelledby="sms-title">
      <h3 id="sms-title">Send an SMS</h3>
      <label className="field">
        <span>Template</span>
        <select
          className="input"
          value={draft.templateId ?? 'own'}
          onChange={({ target }) =>
            setDraft(target.value === 'own' ? { templateId: null, text: '' } : draftFrom(target.value as TemplateId, lead, appointment))
          }
        >
          {choices.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
          <option value="own">My own words</option>
        </select>
      </label>
      <label className="field">
        <span>Message</span>
        <textarea
          className="input"
          dir="auto"
          value={draft.text}
          aria-describedby="sms-length"
          aria-invalid={length.tooMany > 0 || undefined}
          onChange={(event) => setDraft({ templateId: null, text: event.target.value })}
        />
      </label>
      <p id="sms-length" className="sms-length small" data-too-long={length.tooMany > 0 || undefined}>
        {smsLengthText(length)}
      </p>
      <SendSMSButton
        ref={trigger}
        leadId={lead.id}
        message={draft.text}
        {...(draft.templateId === null ? {} : { templateId: draft.templateId })}
        variant={cannotBeSent ? 'disabled' : 'with-progress'}
        onSuccess={() => tell('good', `SMS sent to ${lead.name}`)}
        onError={(error) => {
          if (error.code === 'CIRCUIT_BREAKER_OPEN') tell('bad', 'SMS service temporarily unavailable. Will retry automatically.')
          else tell('bad', `SMS to ${lead.name} was not sent: ${error.message}`)
        }}
      />
    </section>
  )
}
