'use client'
import { type LeadRow, type SmsMessageView, smsSend, type TemplateId } from '@org/contracts'
import type { MutationError } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { ActionButton, type ActionButtonSetup, type Surroundings } from '../critical-button/ActionButton.js'
import type { CommonButtonProps } from '../critical-button/buttonProps.js'
import { useRow } from '../hooks/useRow.js'
import { smsWords } from './smsWords.js'

export interface SendSMSButtonProps extends CommonButtonProps<SmsMessageView, MutationError> {
  leadId: string
  /** 1 to 1,600 characters, not only blanks. */
  message: string
  /** Which template the text was made from, for the records. */
  templateId?: TemplateId | (string & {})
  /** What the dialog of `with-confirm` asks. */
  confirmMessage?: string
}

/** Sends one SMS to a lead. The same text again within a minute is not sent twice, unless "Send again" is chosen. */
export const SendSMSButton = forwardRef(function SendSMSButton(props: SendSMSButtonProps, ref: Ref<HTMLButtonElement>) {
  return <ActionButton props={props} hostRef={ref} useSetup={useSmsSetup} />
})

function useSmsSetup({ leadId, message, templateId, ...host }: SendSMSButtonProps, { client }: Surroundings) {
  const lead = useRow(client, 'leads', leadId)?.row as Partial<LeadRow> | undefined
  const request = { leadId, message, ...(templateId === undefined ? {} : { templateId }) }
  const setup: ActionButtonSetup<typeof smsSend> = {
    component: 'SendSMSButton',
    host,
    action: smsSend,
    lane: `lead:${leadId}:sms`,
    english: smsWords,
    requestOf: () => request,
    isLocked: ({ controller }) => controller.isLocked(request),
    wordsOf: () => ({ subject: host.subject ?? lead?.name }),
    onSuccess: (data) => host.onSuccess?.(data.sms),
    onError: (error) => host.onError?.(error),
    question: () => host.confirmMessage,
    extend: ({ controller }) => ({ sendAgain: () => controller.mutate(request, { again: true, confirm: false }) }),
  }
  return setup
}
