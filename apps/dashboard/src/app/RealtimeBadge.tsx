import { useRealtimeStatus } from '@org/critical-buttons'
import { Icon, type IconName } from '../icons/Icon.js'

interface Look {
  label: string
  tone: 'good' | 'warn' | 'plain'
  icon: IconName
}

const CONNECTING: Look = { label: 'Connecting', tone: 'plain', icon: 'clock' }
// Each has a shape of its own: where there is no room for the word, colour alone must not tell.
const LOOKS: Readonly<Record<string, Look>> = {
  live: { label: 'Live', tone: 'good', icon: 'live' },
  stale: { label: 'Catching up', tone: 'warn', icon: 'loop' },
  offline: { label: 'Not live', tone: 'warn', icon: 'notLive' },
  denied: { label: 'Not live', tone: 'warn', icon: 'notLive' },
}

/** Whether changes of others arrive at once. */
export function RealtimeBadge() {
  const { state } = useRealtimeStatus('leads')
  const { label, tone, icon } = LOOKS[state] ?? CONNECTING
  return (
    <span
      className="badge realtime-badge"
      data-tone={tone}
      data-realtime={state}
      title={`${label}: whether changes of others arrive at once`}
    >
      <Icon name={icon} />
      <span className="realtime-label">{label}</span>
    </span>
  )
}
