import { useRealtimeStatus } from '@org/critical-buttons'

const WORDS: Readonly<Record<string, { label: string; tone: 'good' | 'warn' | 'plain' }>> = {
  live: { label: 'Live', tone: 'good' },
  stale: { label: 'Catching up', tone: 'warn' },
  offline: { label: 'Not live', tone: 'warn' },
  denied: { label: 'Not live', tone: 'warn' },
}

/** Whether changes of others arrive at once. */
export function RealtimeBadge() {
  const { state } = useRealtimeStatus('leads')
  const { label, tone } = WORDS[state] ?? { label: 'Connecting', tone: 'plain' as const }
  return (
    <span className="badge realtime-badge" data-tone={tone} data-realtime={state} title="Whether changes of others arrive at once">
      <span className="realtime-dot" aria-hidden="true" />
      <span className="realtime-label">{label}</span>
    </span>
  )
}
