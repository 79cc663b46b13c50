import { createCollection } from '@tanstack/db'
import { type OnlineDetector, startOfflineExecutor } from '@tanstack/offline-transactions'
import { payload } from './payload.js'

interface Note {
  id: string
  leadId: string
  note: string
}

/** Peer 1, through its public API: each click is one offline transaction, persisted, then sent by an instant function. */
export async function tanstackOffline(count: number) {
  await deleteDatabases()
  const notes = createCollection<Note, string>({ id: 'notes', getKey: ({ id }) => id, sync: { sync: ({ markReady }) => markReady() } })
  notes.startSyncImmediate()
  const network = switchableNetwork()
  let sent = 0
  const offline = startOfflineExecutor({
    collections: { notes },
    mutationFns: {
      addNote: async () => {
        sent += 1
      },
    },
    onlineDetector: network.detector,
  })
  await offline.waitForInit()
  const began = performance.now()
  for (let index = 0; index < count; index++) {
    const transaction = offline.createOfflineTransaction({ mutationFnName: 'addNote', autoCommit: false })
    transaction.mutate(() => notes.insert({ id: `note-${index}`, ...payload(index) }))
    // `commit` resolves only when it was sent; being listed in the outbox is what says it is stored.
    void transaction.commit().catch(() => undefined)
  }
  while ((await offline.peekOutbox()).length < count) await turn()
  const enqueued = performance.now()
  network.goOnline()
  while (sent < count || offline.getPendingCount() > 0) await turn()
  const drained = performance.now()
  offline.dispose()
  return { enqueueMs: enqueued - began, drainMs: drained - enqueued }
}

function switchableNetwork() {
  const listeners = new Set<() => void>()
  let isOnline = false
  const detector: OnlineDetector = {
    subscribe: (callback) => {
      listeners.add(callback)
      return () => listeners.delete(callback)
    },
    notifyOnline: () => {
      for (const listener of listeners) listener()
    },
    isOnline: () => isOnline,
    dispose: () => listeners.clear(),
  }
  return {
    detector,
    goOnline: () => {
      isOnline = true
      detector.notifyOnline()
    },
  }
}

async function deleteDatabases(): Promise<void> {
  for (const { name } of await indexedDB.databases()) if (name?.includes('offline')) indexedDB.deleteDatabase(name)
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}
