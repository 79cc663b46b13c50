import { copyOf } from '../adapters/copyOf.js'
import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'
import type { OpenStorage } from '../ports/MutationStorage.js'
import type { OpenTabChannel } from '../ports/TabChannel.js'
import type { TabMemory } from '../ports/TabMemory.js'
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
  #saysOnline = true

  /** A tab: the ports that belong to it. @param memory what the browser keeps for a tab that is loaded anew */
  openTab(memory?: TabMemory): FakeTab {
    const tab = new FakeTab(this, memory)
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

  /** The platform says so, whatever is true of the network. */
  believe(isOnline: boolean): void {
    if (this.#saysOnline === isOnline) return
    this.#saysOnline = isOnline
    for (const tab of this.#tabs) tab.hint(isOnline ? 'online' : 'offline')
  }

  /** The channels that tabs listen to. */
  channelNames(): string[] {
    return [...new Set([...this.#tabs].flatMap((tab) => tab.channelNames()))]
  }

  get saysOnline(): boolean {
    return this.#saysOnline
  }

  setOnline(isOnline: boolean): void {
    this.#isOnline = isOnline
    this.believe(isOnline)
  }

  broadcast(from: FakeTab, name: string, message: unknown): void {
    for (const tab of this.#tabs) if (tab !== from && !this.losesMessages) tab.receive(name, copyOf(message))
  }
}

/** One tab. After `kill` it neither hears nor says anything, as a crashed one. */
export class FakeTab {
  readonly #browser: FakeBrowser
  readonly #hints = new Set<(event: ConnectivityEvent) => void>()
  readonly #channels = new Map<string, Set<(message: unknown) => void>>()
  #isAlive = true
  #isVisible = true
  #isFrozen = false
  #postponed: (() => void)[] = []
  readonly memory: TabMemory

  constructor(browser: FakeBrowser, memory: TabMemory = createTabMemory()) {
    this.#browser = browser
    this.memory = memory
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
      },
      close: () => {
        for (const listener of listeners) this.#channels.get(name)?.delete(listener)
      },
    }
  }

  channelNames(): string[] {
    return [...this.#channels.keys()]
  }

  get connectivity(): Connectivity {
    return {
      isOnline: () => this.#browser.saysOnline,
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
    if (!this.#isAlive || this.#isFrozen) return
    for (const listener of [...this.#hints]) listener(event)
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible
    this.hint(isVisible ? 'visible' : 'hidden')
  }

  /** Runs a task of this tab, unless it is gone; of a frozen one when it goes on. */
  run(task: () => void): void {
    if (this.#isFrozen) this.#postponed.push(task)
    else if (this.#isAlive) task()
  }

  /** Put aside, as by the back-forward cache: it hears nothing of the others, and its timers wait. */
  freeze(): void {
    this.setVisible(false)
    this.#isFrozen = true
  }

  /** Back again. */
  thaw(): void {
    this.#isFrozen = false
    this.#isVisible = true
    this.hint('restored')
    this.hint('visible')
    for (const task of this.#postponed.splice(0)) task()
  }

  receive(name: string, message: unknown): void {
    // Messages arrive in a task of their own, as the platform's do.
    void Promise.resolve().then(() => {
      if (this.#isAlive && !this.#isFrozen) for (const listener of [...(this.#channels.get(name) ?? [])]) listener(message)
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

function createTabMemory(): TabMemory {
  const entries = new Map<string, string>()
  return {
    read: (key) => entries.get(key) ?? null,
    write: (key, value) => void (value === null ? entries.delete(key) : entries.set(key, value)),
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
      request: (name, { steal, signal }, run) => {
        const current = this.#held.get(name)
        if (current === undefined) return this.#hold(name, tab, run)
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

  async #hold<T>(name: string, tab: FakeTab, run: () => Promise<T>): Promise<T> {
    const lost = deferred<T>()
    const holder = { tab, lose: (error: Error) => lost.reject(error) }
    this.#held.set(name, holder)
    lost.promise.catch(() => undefined)
    try {
      return await Promise.race([run(), lost.promise])
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
