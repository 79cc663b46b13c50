import { SendSMSButton } from '@org/critical-buttons'
import { useState } from 'react'
import type { AppointmentRow, LeadRow } from '../data/useRows.js'
import { toast } from '../toasts/toast.js'
import { draftFrom, type SmsDraft, type TemplateId, templateChoices } from './smsDraft.js'

const LONGEST_SMS = 1_600

/** A template or own words, and the button that sends them. */
export function SmsComposer({ lead, appointment }: { lead: LeadRow; appointment: AppointmentRow | undefined }) {
  const choices = templateChoices(appointment)
  const [draft, setDraft] = useState<SmsDraft>(() => draftFrom(choices[0]!.id, lead, appointment))
  const empty = draft.text.trim() === ''
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
          maxLength={LONGEST_SMS}
          value={draft.text}
          onChange={(event) => setDraft({ templateId: null, text: event.target.value })}
        />
      </label>
      <div className="sms-send">
        <SendSMSButton
          leadId={lead.id}
          message={draft.text}
          {...(draft.templateId === null ? {} : { templateId: draft.templateId })}
          variant={empty || lead.phone === null ? 'disabled' : 'with-progress'}
          onSuccess={() => toast.success(`SMS sent to ${lead.name}`)}
          onError={(error) => {
            if (error.code === 'CIRCUIT_BREAKER_OPEN') toast.error('SMS service temporarily unavailable. Will retry automatically.')
            else toast.error(`SMS to ${lead.name} was not sent: ${error.message}`)
          }}
        />
        <span className="soft small">{[...draft.text].length} characters</span>
      </div>
    </section>
  )
}
