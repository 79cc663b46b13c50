'use client'
import type { ConnectivityView } from '@org/sync-core'
import { type HTMLAttributes, useEffect, useRef } from 'react'
import { ButtonIcon } from '../critical-button/ButtonIcon.js'
import { joinClassNames } from '../critical-button/classNames.js'
import { useConnectivity } from '../hooks/useConnectivity.js'
import { useSyncClient } from '../hooks/useSyncClient.js'
import type { Messages } from '../messages/Messages.js'
import { useEnvironment } from '../provider/environment.js'

export interface OfflineIndicatorProps extends Omit<HTMLAttributes<HTMLDivElement>, 'children' | 'role'> {
  /** Also says that everything is sent, instead of rendering nothing. @default false */
  alwaysShown?: boolean
}

export type IndicatorState = 'online' | 'offline' | 'sending' | 'attention'

/** Says that the person is offline, what waits, and what needs them. Renders nothing when all is well. */
export function OfflineIndicator({ alwaysShown = false, className, ...rest }: OfflineIndicatorProps) {
  const client = useSyncClient()
  const { messages, announce } = useEnvironment()
  const connectivity = useConnectivity(client)
  const state = indicatorState(connectivity)
  const text = indicatorText(state, connectivity, messages)

  const last = useRef<IndicatorState>('online')
  useEffect(() => {
    if (state === last.current) return
    const isBack = last.current === 'offline'
    last.current = state
    if (state === 'offline' || isBack) announce({ text: isBack ? messages.indicator.backOnline : text, politeness: 'polite' })
  }, [state, text, announce, messages])

  if (state === 'online' && !alwaysShown) return null
  return (
    <div
      {...rest}
      className={joinClassNames('cb-indicator', className)}
      data-component="OfflineIndicator"
      data-state={state}
      data-tone={TONES[state]}
    >
      <ButtonIcon phase={INDICATOR_ICONS[state]} />
      <span className="cb-label" data-part="label">
        {text}
      </span>
      {(state === 'sending' || state === 'attention') && connectivity.pendingCount > 0 && (
        <button type="button" className="cb-action" data-part="action" data-action="sync" onClick={() => void client.syncQueue()}>
          {messages.indicator.syncNow}
        </button>
      )}
    </div>
  )
}

const TONES = { online: 'green', offline: 'yellow', sending: 'info', attention: 'warning' } as const
const INDICATOR_ICONS = { online: 'success', offline: 'queued', sending: 'running', attention: 'partial' } as const

/** Offline wins, then what needs a person. Pure. */
export function indicatorState({ online, pendingCount, attentionCount }: ConnectivityView): IndicatorState {
  if (!online) return 'offline'
  if (attentionCount > 0) return 'attention'
  return pendingCount > 0 ? 'sending' : 'online'
}

function indicatorText(state: IndicatorState, { pendingCount, attentionCount }: ConnectivityView, { indicator }: Messages): string {
  if (state === 'offline') return indicator.offline(pendingCount)
  if (state === 'sending') return indicator.sending(pendingCount)
  return state === 'attention' ? indicator.attention(attentionCount) : indicator.backOnline
}
