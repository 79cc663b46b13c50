import { syncOfflineQueue, useOfflineQueue } from '@org/critical-buttons'
import { hrefOf } from '../routing/hashRoute.js'

/** What waits, where a page wants to say it: nothing has to be sent by hand, it goes when the network is back. */
export function OfflinePattern() {
  const { online, pendingCount, waitingForSignIn, attentionCount, durability } = useOfflineQueue()
  const waiting = pendingCount + waitingForSignIn
  return (
    <article className="pattern-card" data-offline={!online || undefined}>
      <h2>{online ? 'Online' : 'Offline'}</h2>
      <p>{waiting === 0 ? 'Nothing waits.' : `${waiting} ${waiting === 1 ? 'action waits' : 'actions wait'}.`}</p>
      <p className="soft small">
        {durability === 'disk'
          ? 'Clicks are kept on this device, also when the tab is closed.'
          : 'Clicks are kept in this tab only: do not close it while something waits.'}
      </p>
      <div className="pattern-actions">
        <button type="button" className="plain-button" onClick={() => void syncOfflineQueue()}>
          Send now
        </button>
        {attentionCount > 0 && <a href={hrefOf({ tab: 'sync' })}>{`${attentionCount} need you`}</a>}
      </div>
    </article>
  )
}
