'use client'
import type { ConnectivityView } from '@org/sync-core'
import { type HTMLAttributes, useEffect, useMemo, useRef } from 'react'
import { announceInDocument } from '../announcer/announce.js'
import { Icon } from '../critical-button/Icon.js'
import { part } from '../critical-button/part.js'
import { useConnectivity } from '../hooks/useConnectivity.js'
import { useSyncClient } from '../hooks/useSyncClient.js'
import { createFormatter } from '../messages/format.js'
import type { IndicatorMessages } from '../messages/Messages.js'
import { useEnvironment } from '../provider/environment.js'
import { createIndicatorWords } from './indicatorWords.js'

const english = createIndicatorWords(createFormatter('en'))

export interface OfflineIndicatorProps extends Omit<HTMLAttributes<HTMLDivElement>, 'children' | 'role'> {
  /** Also says that everything is sent, instead of rendering nothing. @default false */
  alwaysShown?: boolean
  /** The page with the inspector, or with the records themselves: what needs attention then leads there. @default no link */
  attentionHref?: string
}

export type IndicatorState = 'online' | 'offline' | 'sending' | 'attention'

/** Says that the person is offline, what waits, and what needs them. Renders nothing when all is well. */
export function OfflineIndicator({ alwaysShown = false, attentionHref, className, ...rest }: OfflineIndicatorProps) {
  const client = useSyncClient()
  const { announce = announceInDocument, messages } = useEnvironment()
  const words = useMemo(() => ({ ...english, ...messages?.indicator }), [messages])
  const connectivity = useConnectivity(client)
  const state = indicatorState(connectivity)
  const text = indicatorText(state, connectivity, words)

  const last = useRef<IndicatorState>('online')
  useEffect(() => {
    if (state === last.current) return
    const isBack = last.current === 'offline'
    last.current = state
    if (state === 'offline' || isBack) announce({ text: isBack ? words.backOnline : text, politeness: 'polite' })
  }, [state, text, announce, words])

  if (state === 'online' && !alwaysShown) return null
  return (
    <div {...rest} {...part('indicator', className)} data-component="OfflineIndicator" data-state={state} data-tone={LOOKS[state][0]}>
      <Icon name={LOOKS[state][1]} />
      {state === 'attention' && attentionHref !== undefined ? (
        <a {...part('label')} href={attentionHref} style={LINK}>
          {text}
        </a>
      ) : (
        <span {...part('label')}>{text}</span>
      )}
      {(state === 'sending' || state === 'attention') && connectivity.pendingCount > 0 && (
        <button type="button" {...part('action')} data-action="sync" onClick={() => void client.syncQueue()}>
          {words.syncNow}
        </button>
      )}
    </div>
  )
}

/** As tall as a finger needs, in the words' own colour. */
const LINK = { color: 'inherit', paddingBlock: '0.25rem' }

const LOOKS = {
  online: ['green', 'check'],
  offline: ['yellow', 'clock'],
  sending: ['info', 'spinner'],
  attention: ['warning', 'warning'],
} as const

/** Offline wins, then what needs a person. Pure. */
export function indicatorState({ online, pendingCount, attentionCount }: ConnectivityView): IndicatorState {
  if (!online) return 'offline'
  if (attentionCount > 0) return 'attention'
  return pendingCount > 0 ? 'sending' : 'online'
}

function indicatorText(state: IndicatorState, { pendingCount, attentionCount }: ConnectivityView, words: IndicatorMessages): string {
  if (state === 'offline') return words.offline(pendingCount)
  if (state === 'sending') return words.sending(pendingCount)
  return state === 'attention' ? words.attention(attentionCount) : words.allSent
}
