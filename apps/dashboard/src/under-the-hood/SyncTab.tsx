import { SyncInspector } from '@org/critical-buttons/inspector'
import '@org/critical-buttons/inspector.css'
import './syncTab.css'

/** What waits, what failed and may be tried again, and how quickly clicks come back. */
export function SyncTab() {
  return (
    <section aria-labelledby="sync-title">
      <header className="view-header">
        <div>
          <h1 id="sync-title">Sync</h1>
          <p className="soft">Every click of yours in this browser, and how it comes back</p>
        </div>
      </header>
      <div className="sync-panel">
        <h2 className="unseen">In this browser</h2>
        <SyncInspector />
      </div>
    </section>
  )
}
