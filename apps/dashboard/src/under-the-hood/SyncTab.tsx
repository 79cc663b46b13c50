import { SyncInspector } from '@org/critical-buttons/inspector'
import '@org/critical-buttons/inspector.css'
import type { Records } from './describeClick.js'
import { UnfinishedClicks } from './UnfinishedClicks.js'
import './syncTab.css'

/** What waits and what can be done with it, in the words of the one who clicked; behind it, what support asks for. */
export function SyncTab({ records }: { records: Records }) {
  return (
    <section aria-labelledby="sync-title">
      <header className="view-header">
        <div>
          <h1 id="sync-title">Sync</h1>
          <p className="soft">Every click of yours in this browser that is not over</p>
        </div>
      </header>
      <UnfinishedClicks records={records} />
      <details className="sync-details">
        <summary>Details for support</summary>
        <h2 className="unseen">In this browser</h2>
        <SyncInspector />
      </details>
    </section>
  )
}
