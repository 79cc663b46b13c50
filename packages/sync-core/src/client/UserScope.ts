import { Dispatcher } from '../dispatch/Dispatcher.js'
import { Outlook } from '../dispatch/Outlook.js'
import { scopeName, type User } from '../identity/scopeName.js'
import type { UserApi } from '../identity/UserApi.js'
import { resultOf } from '../mutation/mutationState.js'
import type { ConnectivityEvent } from '../ports/Connectivity.js'
import { leaveBehind, leaveNothing } from '../queue/forget.js'
import { OfflineQueue } from '../queue/OfflineQueue.js'
import type { Operation } from '../queue/Operation.js'
import { QUEUE_MESSAGES, type QueueMessage } from '../queue/queueMessages.js'
import { inTime } from '../retry/inTime.js'
import type { Presence } from '../tabs/Presence.js'
import type { TabTalk } from '../tabs/TabTalk.js'
import { describeError } from '../telemetry/report.js'
import { createIntake, type Submit } from '../view/createIntake.js'
import { MutationControls } from '../view/MutationControls.js'
import { MutationViews } from '../view/MutationViews.js'
import { Teller } from '../view/Teller.js'
import type { ClientParts } from './ClientParts.js'
import { Reactions } from './Reactions.js'

/** Everything that belongs to one signed-in user: queue, dispatcher, views, callbacks. Replaced as a whole when another signs in. */
export class UserScope {
  readonly user: User
  readonly name: string
  readonly queue: OfflineQueue
  readonly outlook: Outlook
  readonly views: MutationViews
  readonly teller: Teller
  readonly submit: Submit
  readonly controls: MutationControls
  readonly dispatcher: Dispatcher
  readonly reactions: Reactions
  readonly #client: ClientParts
  /** For the user's other tabs this one lives until it stops ... */
  readonly #presence: Presence
  /** ... and tells them what it stores until that has come to an end. */
  readonly #talk: TabTalk<QueueMessage>

  constructor(user: User, api: UserApi, client: ClientParts) {
    this.user = user
    this.name = scopeName(user)
    this.#client = client
    this.#presence = client.tabs.enter(this.name)
    this.#talk = client.tabs.talk(this.name, QUEUE_MESSAGES)
    this.queue = new OfflineQueue({
      ...client,
      ...user,
      scope: this.name,
      talk: this.#talk,
      presence: this.#presence,
      combineOf: (action) => client.findAction(action)?.combine,
      onChange: (changes) => this.reactions.changed(changes),
      onStanding: () => client.status.allChanged(),
    })
    this.outlook = new Outlook(client)
    const parts = { ...client, user, api, presence: this.#presence, queue: this.queue, outlook: this.outlook }
    this.views = new MutationViews(parts)
    this.teller = new Teller(parts, this.views)
    this.submit = createIntake(parts, this)
    this.controls = new MutationControls(parts, this)
    this.reactions = new Reactions(parts, this)
    this.dispatcher = new Dispatcher(parts, this.reactions)
  }

  /** What the platform says about page and network. */
  hear(event: ConnectivityEvent): void {
    this.outlook.hear(event)
    if (event === 'visible') void this.queue.load().catch(() => undefined)
    this.dispatcher.wake()
  }

  /** Closes at once; what is under way is taken up by whoever comes next. */
  close(): void {
    void this.#stop()
    this.#free()
  }

  /**
   * The user has left: what is settled is deleted, now and once what is still on the network has been answered.
   * @param isGone false: the same user is back meanwhile, and sees what becomes of it
   * @returns how many clicks wait for their user to come back
   */
  async leave(isGone: () => boolean): Promise<number> {
    const quiet = this.#stop()
    await this.#forget(leaveBehind())
    const kept = [...this.queue.records.unfinished()].filter(
      ({ id, parentId }) => parentId === undefined && this.queue.durabilityOf(id) === 'disk',
    )
    void quiet.then(async () => {
      if (isGone()) await this.#forget(leaveBehind())
      this.#free()
    })
    return kept.length
  }

  /**
   * Takes back every click, asking the server about each that may have arrived, and deletes all there is.
   * @returns how many of them nobody here knows the fate of
   */
  async giveUpAll(timeoutMs: number): Promise<number> {
    void this.dispatcher.stop()
    const ids = this.views.list().map(({ id }) => id)
    const asked = Promise.all(ids.map((id) => this.controls.discard(id)))
    await inTime(asked, this.#client.clock, timeoutMs).catch(() => undefined)
    const left = ids.map((id) => this.queue.records.get(id)).filter((record) => record !== undefined)
    const unknownFate = left.filter((record) => (resultOf(record)?.outcome ?? 'unknown') === 'unknown').length
    await this.#forget(leaveNothing())
    return unknownFate
  }

  #stop(): Promise<void> {
    this.reactions.close()
    this.teller.close()
    this.#presence.leave()
    return this.dispatcher.stop()
  }

  #free(): void {
    this.queue.close()
    this.#talk.close()
  }

  #forget(operation: Operation<void>): Promise<void> {
    return this.queue.run(operation).catch((error) => {
      this.#client.report('STORAGE_REFUSED', { what: 'left-behind', error: describeError(error) })
    })
  }
}
