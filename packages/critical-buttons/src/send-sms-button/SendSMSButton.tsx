'use client'
import { type LeadRow, type RequestOf, type SmsMessageView, smsSend, type TemplateId } from '@org/contracts/client'
import type { ErrorOf } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { ActionButton } from '../critical-button/ActionButton.js'
import type { ButtonData, ButtonKind } from '../critical-button/ButtonKind.js'
import type { CommonButtonProps } from '../critical-button/buttonProps.js'
import { useRow } from '../hooks/useRow.js'
import { smsWords } from './smsWords.js'

export interface SendSMSButtonProps extends CommonButtonProps<SmsMessageView, ErrorOf<typeof smsSend>> {
  leadId: string
  /** 1 to 1,600 characters, not only blanks. */
  message: string
  /** Which template the text was made from, for the records. */
  templateId?: TemplateId | (string & {})
  /** What the dialog of `with-confirm` asks. */
  confirmMessage?: string
}

/** Sends one SMS to a lead. The same text again within a minute is not sent twice, whoever clicks, unless "Send again" is chosen. */
export const SendSMSButton = forwardRef(function SendSMSButton(props: SendSMSButtonProps, ref: Ref<HTMLButtonElement>) {
  return <ActionButton kind={smsKind} props={props} hostRef={ref} />
})

interface SmsData extends ButtonData<typeof smsSend> {
  request: RequestOf<typeof smsSend>
}

const smsKind: ButtonKind<SendSMSButtonProps, typeof smsSend, SmsData> = {
  component: 'SendSMSButton',
  english: smsWords,
  useData({ leadId, message, templateId, ...host }, { client }) {
    const lead = useRow(client, 'leads', leadId)?.row as Partial<LeadRow> | undefined
    return {
      host,
      action: smsSend,
      lane: `lead:${leadId}:sms`,
      request: templateId === undefined ? { leadId, message } : { leadId, message, templateId },
      subject: host.subject ?? lead?.name,
    }
  },
  resultOf: (_data, { sms }) => sms,
  // What stood there when it was sent: the text may have been changed since.
  extend: ({ request }, { controller, snapshot }) => ({
    sendAgain: () => controller.mutate({ ...(snapshot.request ?? request), again: true }, { again: true, confirm: false }),
  }),
}
