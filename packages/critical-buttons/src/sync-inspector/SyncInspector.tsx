'use client'
import type { ConnectivityView, Identity, QueuedMutation, SubscriptionInfo, SyncClient } from '@org/sync-core'
import { type HTMLAttributes, useCallback, useSyncExternalStore } from 'react'
import { joinClassNames } from '../critical-button/classNames.js'
import { useIdentity } from '../hooks/useIdentity.js'
import { useNow } from '../hooks/useNow.js'
import { useOfflineQueue } from '../hooks/useOfflineQueue.js'
import { useSyncClient } from '../hooks/useSyncClient.js'
import { createTimeFormat } from '../messages/timeFormat.js'
import { useEnvironment } from '../provider/environment.js'
import { telemetryLogOf } from '../provider/telemetryLog.js'
import { InspectorTable } from './InspectorTable.js'
import { loopTimesIn } from './loopTimes.js'
import { QueueActions } from './QueueActions.js'
import { useSmsService } from './useSmsService.js'

export type SyncInspectorProps = Omit<HTMLAttributes<HTMLElement>, 'children'>

const LOOPS_SHOWN = 20
const time = createTimeFormat('en')

/**
 * What the sync client is doing, for developers and support: the queue with its dead letters, the SMS
 * circuit breaker, realtime subscriptions and how long each loop took (kept for clients made by the provider
 * or by `configureCriticalButtons`). Names people as `resolveUser` does. English only; shows no message texts
 * and no phone numbers.
 */
export function SyncInspector({ className, ...rest }: SyncInspectorProps) {
  const client = useSyncClient()
  const queue = useOfflineQueue()
  const { nameOf } = useEnvironment()
  const identity = useIdentity(client)
  const sms = useSmsService(client)
  const now = useNow(true)
  const log = telemetryLogOf(client)
  const loopTimes = loopTimesIn(useSyncExternalStore(log.subscribe, log.get, log.get)).slice(0, LOOPS_SHOWN)
  const facts = [
    ['Network', queue.online ? 'online' : 'offline'],
    ['Signed in', identityText(identity, nameOf)],
    ['Kept', queue.durability === 'disk' ? 'on this device' : 'in this tab only'],
    ['SMS circuit breaker', sms === undefined ? 'not known' : `${sms.state}, ${sms.failuresInWindow} failures`],
  ]
  return (
    <section
      aria-label="Sync inspector"
      lang="en"
      dir="ltr"
      {...rest}
      className={joinClassNames('cb-inspector', className)}
      data-component="SyncInspector"
    >
      <dl className="cb-inspector-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-fact={name}>{value}</dd>
          </div>
        ))}
      </dl>
      <InspectorTable
        title="Offline queue"
        empty={emptyText(queue, identity)}
        columns={['Action', 'Record', 'State', 'Attempts', 'Clicked', 'Last error', 'Do']}
        rows={queue.queue.map((item) => ({ key: item.id, cells: queueCells(item, client, time(item.createdAt, now)) }))}
      />
      <InspectorTable
        title="Realtime subscriptions"
        empty="No table is subscribed."
        columns={['Table', 'State', 'Listeners', 'Received', 'Duplicates', 'Stale', 'Gaps repaired']}
        rows={useSubscriptions(client).map((info) => ({ key: info.key, cells: subscriptionCells(info) }))}
      />
      <InspectorTable
        title="Closed loops"
        empty="None yet on this page."
        columns={['Action', 'Outcome', 'Stored', 'Acknowledged', 'Echoed']}
        rows={loopTimes.map(({ mutationId, action, outcome, storedMs, acknowledgedMs, echoedMs }) => ({
          key: mutationId,
          cells: [action, outcome, inMs(storedMs), inMs(acknowledgedMs), inMs(echoedMs)],
        }))}
      />
    </section>
  )
}

/** That nothing waits is known only of somebody whose queue can be read. */
function emptyText({ durability, waitingForSignIn }: ConnectivityView, identity: Identity): string {
  if (waitingForSignIn > 0) return `Waiting for their sign-in: ${waitingForSignIn}.`
  if (!('actor' in identity)) return 'Not known before somebody is signed in.'
  return durability === 'disk' ? 'Nothing waits.' : 'Nothing waits in this tab. What is stored on this device cannot be read now.'
}

function queueCells(item: QueuedMutation, client: SyncClient, clicked: string) {
  const { id, action, state, attempts, lastError, ambiguous } = item
  return [
    <code key="action">{action}</code>,
    recordOf(item, client),
    ambiguous ? `${state}, may have happened` : state,
    attempts,
    clicked,
    lastError === null ? '–' : `${lastError.code}: ${lastError.message}`,
    <QueueActions key={id} item={item} client={client} />,
  ]
}

// Lanes name the records; of the request, nothing but a status is fit to be shown.
function recordOf({ id, request }: QueuedMutation, client: SyncClient): string {
  const [first = '–', ...others] = client.getMutation(id)?.lanes ?? []
  const status = (request as { status?: unknown } | undefined)?.status
  return [first, others.length > 0 && `and ${others.length} more`, typeof status === 'string' && `→ ${status}`].filter(Boolean).join(' ')
}

function subscriptionCells({ key, state, listeners, received, duplicates, staleDropped, gapsRepaired }: SubscriptionInfo) {
  return [<code key="key">{key}</code>, state, listeners, received, duplicates, staleDropped, gapsRepaired]
}

function inMs(value: number | null): string {
  return value === null ? '–' : `${Math.round(value)} ms`
}

function identityText(identity: Identity, nameOf: (userId: string) => string): string {
  const who = 'actor' in identity ? [nameOf(identity.actor), identity.state === 'remembered' && 'remembered'] : [identity.state]
  return [...who, identity.reason].filter(Boolean).join(', ')
}

// Counters change with every event, so they are read along with the clock's rhythm and on each change of state.
function useSubscriptions({ realtime }: SyncClient): readonly SubscriptionInfo[] {
  const subscribe = useCallback((listener: () => void) => realtime.subscribeState(listener), [realtime])
  useSyncExternalStore(
    subscribe,
    () =>
      realtime
        .getSubscriptions()
        .map(({ key, state }) => `${key} ${state}`)
        .join(),
    () => '',
  )
  return realtime.getSubscriptions()
}
