import type { Clock } from '../ports/Clock.js'
import type { MutationStorage } from '../ports/MutationStorage.js'
import { Committer, type CommitterOptions } from '../queue/Committer.js'
import { Disk } from '../queue/Disk.js'
import { entryReader } from '../queue/entry.js'
import { type Committed, StoredQueue } from '../queue/StoredQueue.js'
import type { Report } from '../telemetry/report.js'
import { fakeRandom } from './fakeRandom.js'

export interface CommitterFields {
  clock: Clock
  storage: MutationStorage
  onCommitted?: (committed: Committed) => void
  report?: Report
  tabId?: string
  seed?: number
  isAlone?: () => boolean
}

/** One tab's queue without a page around it; it hears of other tabs only what a test tells it. */
export function aCommitter({ clock, storage, onCommitted = () => {}, report = () => {}, ...fields }: CommitterFields) {
  const { tabId = 'tab-1', seed = 1, isAlone = () => false } = fields
  const stored = new StoredQueue({
    clock,
    random: fakeRandom(seed),
    tabId,
    isAlone,
    disk: new Disk({ name: 'queue', clock, openStorage: async () => storage, onLost: () => {} }),
    read: entryReader({ actor: 'user-456', tenant: 'org-1' }),
    combineOf: () => undefined,
  })
  const onChange: CommitterOptions['onChange'] = (_changes, committed) => committed && onCommitted(committed)
  const committer = new Committer({ clock, report, stored, onChange, onMoved: () => {} })
  const run: Committer['run'] = (operation) => committer.run(operation)
  const follow: StoredQueue['follow'] = (written, from, to) => stored.follow(written, from, to)
  return { run, follow }
}

export type TabsQueue = ReturnType<typeof aCommitter>
