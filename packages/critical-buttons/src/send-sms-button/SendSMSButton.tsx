'use client'
import { type LeadRow, type SmsMessageView, smsSend, type TemplateId } from '@org/contracts/client'
import type { ErrorOf } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { type CommonButtonProps, plainText } from '../critical-button/buttonProps.js'
import { renderButton } from '../critical-button/renderButton.js'
import { useButtonIn, useSurroundings } from '../critical-button/useCriticalButton.js'
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
  return <SendOne props={props} hostRef={ref} />
})

function SendOne({ props, hostRef }: { props: SendSMSButtonProps; hostRef: Ref<HTMLButtonElement> }) {
  const { leadId, message, templateId, ...host } = props
  const { onSuccess, onError } = host
  const surroundings = useSurroundings()
  const lead = useRow(surroundings.client, 'leads', leadId)?.row as Partial<LeadRow> | undefined
  const button = useButtonIn(surroundings, smsSend, {
    ...host,
    defaultWords: smsWords,
    label: plainText(host.children),
    lane: `lead:${leadId}:sms`,
    request: templateId === undefined ? { leadId, message } : { leadId, message, templateId },
    subject: host.subject ?? lead?.name,
    // What stood there when it was sent: the text may have been changed since.
    sendAgain: (sent) => ({ ...sent, again: true }),
    onSuccess: ({ sms }) => onSuccess?.(sms),
    onError: (error) => onError?.(error),
  })
  return renderButton({ component: 'SendSMSButton', drawing: 'send', button: button as never, host: host as never, hostRef })
}
