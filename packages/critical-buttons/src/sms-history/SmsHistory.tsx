'use client'
import { type SmsMessageView, type SmsStatus, smsSend } from '@org/contracts'
import type { HTMLAttributes } from 'react'
import { ButtonIcon } from '../critical-button/ButtonIcon.js'
import { joinClassNames } from '../critical-button/classNames.js'
import { useNow } from '../hooks/useNow.js'
import { useOfflineQueue } from '../hooks/useOfflineQueue.js'
import { useSmsHistory } from '../hooks/useSmsHistory.js'
import type { ButtonPhase } from '../mutation-controller/phase.js'
import { useEnvironment } from '../provider/environment.js'

export interface SmsHistoryProps extends Omit<HTMLAttributes<HTMLElement>, 'children'> {
  leadId: string
}

/** All SMS to a lead, newest first, with what became of each; those that still wait here come first. */
export function SmsHistory({ leadId, className, ...rest }: SmsHistoryProps) {
  const { messages, isPending, isError, refetch } = useSmsHistory(leadId)
  const { queue } = useOfflineQueue()
  const { messages: words } = useEnvironment()
  const waiting = queue.filter(({ action, request }) => action === smsSend.name && (request as { leadId?: string }).leadId === leadId)
  const isEmpty = messages.length === 0 && waiting.length === 0

  return (
    <section {...rest} className={joinClassNames('cb-history', className)} data-component="SmsHistory" aria-label={words.history.title}>
      {isPending && isEmpty && <p data-part="note">{words.history.loading}</p>}
      {isError && (
        <p data-part="note">
          {words.history.failed}{' '}
          <button type="button" className="cb-action" data-part="action" data-action="tryAgain" onClick={refetch}>
            {words.buttons.tryAgain}
          </button>
        </p>
      )}
      {!isPending && !isError && isEmpty && <p data-part="note">{words.history.empty}</p>}
      {!isEmpty && (
        <ol className="cb-history-list" data-part="list">
          {waiting.map(({ id, request, createdAt }) => (
            <Entry key={id} text={(request as { message: string }).message} at={createdAt} status="waiting" />
          ))}
          {messages.map((message) => (
            <Entry
              key={message.id}
              text={message.message}
              at={Date.parse(message.sentAt)}
              status={message.status}
              error={errorOf(message)}
            />
          ))}
        </ol>
      )}
    </section>
  )
}

interface EntryProps {
  text: string
  /** Epoch ms. */
  at: number
  status: SmsStatus | 'waiting'
  error?: string | undefined
}

const FAILED = { tone: 'error', icon: 'error' } as const
const ON_ITS_WAY = { tone: 'info', icon: 'queued' } as const
const LOOKS: Record<EntryProps['status'], { tone: string; icon: ButtonPhase }> = {
  waiting: ON_ITS_WAY,
  pending: ON_ITS_WAY,
  sent: { tone: 'info', icon: 'success' },
  delivered: { tone: 'green', icon: 'success' },
  undelivered: FAILED,
  failed: FAILED,
  expired: FAILED,
  cancelled: FAILED,
  indeterminate: { tone: 'warning', icon: 'unknown' },
}

function Entry({ text, at, status, error }: EntryProps) {
  const { messages: words } = useEnvironment()
  const now = useNow(true)
  const look = LOOKS[status]
  const label = status === 'waiting' ? words.waiting : (words.smsStatuses[status] ?? status)
  return (
    <li className="cb-history-entry" data-part="entry" data-status={status}>
      <span className="cb-history-text" data-part="text">
        {text}
      </span>
      <span className="cb-history-meta" data-part="meta" data-tone={look.tone}>
        <ButtonIcon phase={look.icon} />
        <span data-part="delivery" data-delivery={status}>
          {label}
        </span>
        <time dateTime={new Date(at).toISOString()} suppressHydrationWarning>
          {words.time(at, now)}
        </time>
      </span>
      {error !== undefined && (
        <span className="cb-history-meta" data-part="error" data-tone="error">
          {error}
        </span>
      )}
    </li>
  )
}

function errorOf({ error_message, error_code }: SmsMessageView): string | undefined {
  return error_message ?? (error_code === null ? undefined : String(error_code))
}
