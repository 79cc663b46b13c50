import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'
import type { OpenStorage } from '../ports/MutationStorage.js'
import type { OpenTabChannel } from '../ports/TabChannel.js'
import { FakeDisk } from './FakeDisk.js'

/** What the tabs of one browser share: storage, locks, messages and the network's state. */
export class FakeBrowser {
  readonly disk = new FakeDisk()
  readonly databases = this.disk.databases
  readonly locks = new FakeLockManager()
  /** While true, tabs do not hear what the others say. */
  losesMessages = false
  readonly #tabs = new Set<FakeTab>()
  #isOnline = true

  /** A tab: the ports that belong to it. */
  openTab(): FakeTab {
    const tab = new FakeTab(this)
    this.#tabs.add(tab)
    return tab
  }

  closeTab(tab: FakeTab): void {
    this.#tabs.delete(tab)
    this.locks.releaseAll(tab)
  }

  get isOnline(): boolean {
    return this.#isOnline
  }

  setOnline(isOnline: boolean): void {
    if (this.#isOnline === isOnline) return
    this.#isOnline = isOnline
    for (const tab of this.#tabs) tab.hint(isOnline ? 'online' : 'offline')
  }

  broadcast(from: FakeTab, name: string, message: unknown): void {
    for (const tab of this.#tabs) if (tab !== from && !this.losesMessages) tab.receive(name, structuredClone(message))
  }
}

/** One tab. After `kill` it neither hears nor says anything, as a crashed one. */
export class FakeTab {
  readonly #browser: FakeBrowser
  readonly #hints = new Set<(event: ConnectivityEvent) => void>()
  readonly #channels = new Map<string, Set<(message: unknown) => void>>()
  #isAlive = true
  #isVisible = true

  constructor(browser: FakeBrowser) {
    this.#browser = browser
  }

  readonly openStorage: OpenStorage = async (name) => this.#browser.disk.connect(name, () => this.#isAlive)

  readonly openTabChannel: OpenTabChannel = (name) => {
    const listeners = new Set<(message: unknown) => void>()
    return {
      post: (message) => {
        if (this.#isAlive) this.#browser.broadcast(this, name, message)
      },
      subscribe: (listener) => {
        listeners.add(listener)
        const all = this.#channels.get(name) ?? new Set()
        all.add(listener)
        this.#channels.set(name, all)
        return () => all.delete(listener)
      },
      close: () => {
        for (const listener of listeners) this.#channels.get(name)?.delete(listener)
      },
    }
  }

  get connectivity(): Connectivity {
    return {
      isOnline: () => this.#browser.isOnline,
      isVisible: () => this.#isVisible,
      subscribe: (listener) => {
        this.#hints.add(listener)
        return () => this.#hints.delete(listener)
      },
    }
  }

  get locks(): Locks {
    return this.#browser.locks.forTab(this)
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  hint(event: ConnectivityEvent): void {
    if (!this.#isAlive) return
    for (const listener of [...this.#hints]) listener(event)
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible
    this.hint(isVisible ? 'visible' : 'hidden')
  }

  receive(name: string, message: unknown): void {
    // Messages arrive in a task of their own, as the platform's do.
    void Promise.resolve().then(() => {
      if (this.#isAlive) for (const listener of [...(this.#channels.get(name) ?? [])]) listener(message)
    })
  }

  /** Crash: nothing of this tab happens any more, and its locks are free. */
  kill(): void {
    this.#isAlive = false
    this.#browser.closeTab(this)
  }

  /** Hangs: nothing of this tab happens any more, but it keeps its locks. */
  wedge(): void {
    this.#isAlive = false
  }
}

interface Waiting {
  tab: FakeTab
  grant: () => void
}

class FakeLockManager {
  readonly #held = new Map<string, { tab: FakeTab; lose: (error: Error) => void }>()
  readonly #queues = new Map<string, Waiting[]>()

  forTab(tab: FakeTab): Locks {
    return {
      available: true,
      request: (name, { ifAvailable, steal, signal }, run) => {
        const current = this.#held.get(name)
        if (current === undefined) return this.#hold(name, tab, run)
        if (ifAvailable) return run(false)
        if (steal) {
          this.#held.delete(name)
          current.lose(new DOMException('The lock was stolen.', 'AbortError'))
          return this.#hold(name, tab, run)
        }
        return new Promise((resolve, reject) => {
          const waiting: Waiting = { tab, grant: () => void this.#hold(name, tab, run).then(resolve, reject) }
          const queue = this.#queues.get(name) ?? []
          queue.push(waiting)
          this.#queues.set(name, queue)
          signal?.addEventListener('abort', () => {
            const index = queue.indexOf(waiting)
            if (index >= 0) queue.splice(index, 1)
            reject(new DOMException('The wait was given up.', 'AbortError'))
          })
        })
      },
    }
  }

  releaseAll(tab: FakeTab): void {
    for (const [name, queue] of this.#queues)
      this.#queues.set(
        name,
        queue.filter((waiting) => waiting.tab !== tab),
      )
    for (const [name, holder] of this.#held) if (holder.tab === tab) this.#release(name, holder)
  }

  async #hold<T>(name: string, tab: FakeTab, run: (held: boolean) => Promise<T>): Promise<T> {
    const lost = deferred<T>()
    const holder = { tab, lose: (error: Error) => lost.reject(error) }
    this.#held.set(name, holder)
    lost.promise.catch(() => undefined)
    try {
      return await Promise.race([run(true), lost.promise])
    } finally {
      this.#release(name, holder)
    }
  }

  #release(name: string, holder: { tab: FakeTab }): void {
    if (this.#held.get(name) !== holder) return
    this.#held.delete(name)
    this.#queues.get(name)?.shift()?.grant()
  }
}

function deferred<T>() {
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((_resolve, fail) => {
    reject = fail
  })
  return { promise, reject }
}
