'use client'
import { type RequestOf, type SmsMessageView, type SmsStatus, smsSend } from '@org/contracts/client'
import type { QueuedMutation } from '@org/sync-core'
import { type HTMLAttributes, useMemo } from 'react'
import { Icon, type IconName } from '../critical-button/Icon.js'
import { part } from '../critical-button/part.js'
import { reasonText } from '../critical-button/phaseLine.js'
import { useMessages } from '../critical-button/useMessages.js'
import { useNow } from '../hooks/useNow.js'
import { useOfflineQueue } from '../hooks/useOfflineQueue.js'
import { useSmsHistory } from '../hooks/useSmsHistory.js'
import type { CommonMessages, HistoryMessages } from '../messages/Messages.js'
import { own } from '../messages/own.js'
import { useEnvironment } from '../provider/environment.js'
import { createHistoryWords } from './historyWords.js'
import { smsStatusLabel } from './smsStatusWords.js'

export interface SmsHistoryProps extends Omit<HTMLAttributes<HTMLElement>, 'children'> {
  leadId: string
}

type SmsRequest = RequestOf<typeof smsSend>
type Standing = SmsStatus | 'waiting' | 'unknown'

/**
 * What the server has taken over stands in its own list already, however far it has come there before this click was
 * answered. A row does not name its click: it is the one with this text that is still open, or was made after it.
 */
function isTakenOver({ request, state, attempts, createdAt }: QueuedMutation, messages: readonly SmsMessageView[]): boolean {
  const isIts = ({ message, status, created_at }: SmsMessageView) =>
    message === (request as SmsRequest).message &&
    (status === 'pending' || status === 'indeterminate' || Date.parse(created_at) >= createdAt)
  return state !== 'dead' && attempts > 0 && messages.some(isIts)
}

/** What a person must know of; of everything else only what certainly has not gone out is said to wait to be sent. */
const NEEDS_PERSON: Readonly<Record<string, Standing>> = { dead: 'failed', unknown: 'unknown' }

/** All SMS to a lead, newest first, with what became of each; clicks of this device that the server does not list yet come first. */
export function SmsHistory({ leadId, className, ...rest }: SmsHistoryProps) {
  const { messages, isPending, isError, refetch } = useSmsHistory(leadId)
  const { queue } = useOfflineQueue()
  const words = useMessages()
  const history = useHistoryWords()
  const clicks = queue.filter(
    (click) => click.action === smsSend.name && (click.request as SmsRequest).leadId === leadId && !isTakenOver(click, messages),
  )
  const isEmpty = messages.length === 0 && clicks.length === 0

  return (
    <section {...rest} {...part('history', className)} data-component="SmsHistory" aria-label={history.title}>
      {isPending && isEmpty && <p {...NOTE}>{history.loading}</p>}
      {isError && (
        <p {...NOTE} data-tone="error">
          <Icon name="error" />
          {history.failed}
          <button type="button" {...part('action')} data-action="tryAgain" onClick={refetch}>
            {words.buttons.tryAgain}
          </button>
        </p>
      )}
      {!isPending && !isError && isEmpty && <p {...NOTE}>{history.empty}</p>}
      {!isEmpty && (
        <ol {...part('history-list')}>
          {clicks.map((click) => (
            <Entry
              key={click.id}
              text={(click.request as SmsRequest).message}
              at={click.createdAt}
              status={NEEDS_PERSON[click.state] ?? (click.ambiguous ? 'indeterminate' : 'waiting')}
              error={click.state === 'dead' ? reasonText(click.lastError ?? undefined, words) : undefined}
            />
          ))}
          {messages.map((message) => (
            <Entry
              key={message.id}
              text={String(message.message ?? '')}
              at={Date.parse(message.sentAt)}
              status={message.status}
              error={errorOf(message, words)}
            />
          ))}
        </ol>
      )}
    </section>
  )
}

const NOTE = { className: 'cb-history-meta', 'data-part': 'note', 'data-tone': 'info' }

const english = createHistoryWords('en')

function useHistoryWords(): HistoryMessages {
  const { messages } = useEnvironment()
  return useMemo(() => ({ ...english, ...messages?.history }), [messages])
}

interface EntryProps {
  text: string
  /** Epoch ms. */
  at: number
  status: Standing
  error?: string | undefined
}

const FAILED = ['error', 'error'] as const
const ON_ITS_WAY = ['info', 'clock'] as const
/** What a newer server says of an SMS, and no list here knows. */
const NEUTRAL = ['gray', 'clock'] as const
const LOOKS: Readonly<Record<string, readonly [tone: string, icon: IconName]>> = {
  waiting: ON_ITS_WAY,
  pending: ON_ITS_WAY,
  sent: ['info', 'check'],
  delivered: ['green', 'check'],
  undelivered: FAILED,
  failed: FAILED,
  expired: FAILED,
  cancelled: ['info', 'error'],
  indeterminate: ['warning', 'question'],
  unknown: ['warning', 'question'],
}

function Entry({ text, at, status, error }: EntryProps) {
  const words = useMessages()
  const now = useNow(true)
  const { time } = useHistoryWords()
  const [tone, icon] = own(LOOKS, status) ?? NEUTRAL
  const { waiting, unknown } = words
  const label = own({ waiting, unknown }, status) ?? smsStatusLabel(words, status)
  return (
    <li {...part('history-entry')} data-status={status}>
      <span {...part('history-text')} dir="auto">
        {text}
      </span>
      <span {...part('history-meta')} data-tone={tone}>
        <Icon name={icon} />
        <span data-part="delivery" data-delivery={status}>
          {label}
        </span>
        {Number.isFinite(at) && (
          <time dateTime={new Date(at).toISOString()} suppressHydrationWarning>
            {time(at, now)}
          </time>
        )}
      </span>
      {error !== undefined && (
        <span {...part('history-meta')} data-tone="error" dir="auto">
          {error}
        </span>
      )}
    </li>
  )
}

// Twilio's own reasons are English; a catalogue may name them by their numbers.
function errorOf({ error_message, error_code }: SmsMessageView, { errors }: CommonMessages): string | undefined {
  const reason = error_message ?? error_code
  return own(errors, `${error_code}`) ?? (reason === null ? undefined : String(reason))
}
