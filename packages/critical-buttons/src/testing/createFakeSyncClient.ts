import type { AnyAction, BaseRow, RequestOf } from '@org/contracts/client'
import type { MutationView, SubmitOptions, SyncClient } from '@org/sync-core'
import {
  comeToRest,
  createSyncHarness,
  type FakeAnswer,
  type FakeFault,
  type HarnessOptions,
  Stillness,
  type SyncHarness,
  systemClock,
} from '@org/sync-core/testing'
import { FakeFeed } from './FakeFeed.js'
import { Outcomes, type Refusal } from './Outcomes.js'
import type { PhaseSetting } from './PhaseSetting.js'

export interface FakeSyncClientOptions extends Omit<HarnessOptions, 'user' | 'adapters' | 'settle' | 'wrapTransport'> {
  /** Who is signed in; null: nobody; `loading`: that is not known before the first step. @default user-456 of org-1 */
  user?: HarnessOptions['user'] | 'loading'
  /** For a page to play with: time goes on, and clicks are answered by themselves, as the rows allow. @default false */
  live?: boolean
  /** What `read(path)` answers, in place of the fake server. */
  read?: (path: string) => Promise<{ status: number; body: unknown }> | { status: number; body: unknown }
}

/** One recorded click: what was submitted, and with what. */
export interface FakeSubmission {
  id: string
  action: AnyAction
  request: unknown
  options: SubmitOptions
}

/**
 * The real client over a browser and a server in memory, in which nothing moves by itself: a click shows at once what it
 * shows at once, and stands still until a step says what becomes of it. Steps resolve when all has come to rest.
 */
export interface FakeSyncClient extends SyncClient {
  /** The world around it: server, browser, disk, clock. What is changed there is noticed in the next step. */
  readonly world: SyncHarness
  /** Every click that became a mutation, in order. */
  readonly submissions: readonly FakeSubmission[]
  /** Lets everything go on that needs no answer to a click: what was clicked is stored and sent. */
  settle(): Promise<void>
  /** Lets time pass, by the client's own clock. */
  advance(ms: number): Promise<void>
  /** The server carries out the newest click (or the one named), or answers with `body`. */
  succeed(body?: unknown, id?: string): Promise<MutationView>
  /** The server refuses it, with a code of the contracts or a refusal of your own. */
  fail(refusal: string | Refusal, id?: string): Promise<MutationView>
  /** The server's very answer to it, or what becomes of that answer. Of a large bulk's part: the key is `<id>_0001` and so on. */
  answer(answer: FakeAnswer | FakeFault, id?: string): Promise<MutationView>
  /** Makes happen what brings it into a phase. @throws {Error} when it cannot come into that phase from where it is */
  drive(setting: PhaseSetting | PhaseSetting['phase'], id?: string): Promise<MutationView>
  /** Somebody clicks without a button, and that click comes into a phase: before or after its button is on the page. */
  click<A extends AnyAction>(action: A, request: RequestOf<A>, setting?: PhaseSetting | PhaseSetting['phase']): Promise<MutationView>
  /** A change committed by someone, as realtime brings it to whoever watches that table. */
  commit(table: string, row: BaseRow): Promise<void>
  goOffline(): Promise<void>
  goOnline(): Promise<void>
  /** Somebody else is signed in from now on; null: nobody. */
  signIn(user: HarnessOptions['user']): Promise<void>
}

/** Opens a page for a test or a story. Resolves when it is at rest: signed in, with the rows it was given. */
export async function createFakeSyncClient(options: FakeSyncClientOptions = {}): Promise<FakeSyncClient> {
  const { user, read, live = false, ...settings } = options
  const still = new Stillness()
  const feed = new FakeFeed()
  const open = () =>
    createSyncHarness({
      startAt: Date.now(),
      changeSource: feed,
      parallel: 8,
      ...settings,
      ...(user === undefined || user === 'loading' ? {} : { user }),
      settle: comeToRest,
      // Waits are as long as they are said to be, not spread.
      adapters: (own) => ({
        ...still.hold(own),
        random: { ...own.random, uniform: () => 0 },
        ...(live && { clock: systemClock }),
      }),
    })
  const world = await (user === 'loading' ? open() : still.step(open))
  if (live) void still.step(() => new Promise(() => {}))
  else world.server.holdWrites()
  const { client: real } = world
  for (const [table, rows] of Object.entries(settings.rows ?? {})) real.ingest(table, rows)

  const outcomes = new Outcomes(world)
  const submissions: FakeSubmission[] = []
  const newest = () => submissions.at(-1)?.id ?? ''
  /** A person's own doing goes through, but what the server says to a click. */
  const stepping =
    <Given extends unknown[], Result>(run: (...given: Given) => Result | Promise<Result>) =>
    (...given: Given): Promise<Result> =>
      still.step(() => run(...given))

  const submit: SyncClient['submit'] = (action, request, submitOptions = {}, callbacks) => {
    const submitted = real.submit(action, request, submitOptions, callbacks)
    if (!submissions.some(({ id }) => id === submitted.id)) submissions.push({ id: submitted.id, action, request, options: submitOptions })
    return submitted
  }

  return {
    ...real,
    world,
    submissions,
    submit,
    ...(read && { read: async (path) => read(path) }),
    dismiss: (id) => void still.step(() => real.dismiss(id)),
    retry: (id) => {
      void still.step(() => {})
      // In the step, and refused at once as a click is.
      return real.retry(id)
    },
    cancel: stepping(real.cancel),
    discard: stepping(real.discard),
    syncQueue: stepping(real.syncQueue),
    signOut: stepping(real.signOut),
    refreshIdentity: stepping(real.refreshIdentity),
    destroy: world.close,

    settle: stepping(() => {}),
    advance: stepping(world.advance),
    succeed: stepping((body, id = newest()) => outcomes.succeed(id, body)),
    fail: stepping((refusal, id = newest()) => outcomes.fail(id, refusal)),
    answer: stepping((answer, id = newest()) => outcomes.answer(id, answer)),
    drive: stepping((setting, id = newest()) => outcomes.drive(id, settingOf(setting))),
    click: stepping((action, request, setting = 'running') => outcomes.drive(submit(action, request).id, settingOf(setting))),
    commit: stepping(async (table, row) => {
      // Whoever began to watch since the last step has to have joined first.
      await comeToRest()
      const eventType = world.server.rows.get(table)?.has(row.id) ? 'UPDATE' : 'INSERT'
      world.server.seed(table, [row])
      feed.push(table, { eventType, new: row, old: { id: row.id }, version: row.version })
    }),
    goOffline: stepping(world.goOffline),
    goOnline: stepping(world.goOnline),
    signIn: stepping(async (next = null) => {
      world.server.user = next
      await real.refreshIdentity()
    }),
  }
}

function settingOf(setting: PhaseSetting | PhaseSetting['phase']): PhaseSetting {
  return typeof setting === 'string' ? { phase: setting } : setting
}
