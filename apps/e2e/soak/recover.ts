import type { Checker } from './Checker.js'
import type { ProofReader } from './proof.js'
import type { Tab } from './Tab.js'
import type { Tabs } from './Tabs.js'

const LONGEST_MS = 180_000
const LONGEST_IN_MEMORY_MS = 60_000
// A person presses "Sync now" now and then; pressed each second, it would hide whether the client hammers by itself.
const SYNC_EVERY_MS = 10_000
const POLL_MS = 1_000
/** Nothing more happens to these by itself: a person sees them and decides. */
const FOR_A_PERSON = new Set(['dead', 'blocked', 'unknown'])

/**
 * All is well again: each user signs in once more and what is unfinished is sent.
 * @returns keys that are then still shown as unfinished or as waiting for a person
 */
export async function recover({ tabs, proofs, checker }: { tabs: Tabs; proofs: ProofReader; checker: Checker }): Promise<Set<string>> {
  const visible = new Set<string>()
  // What tabs only remember is written once storage is found again.
  await checker.lookForMemory(LONGEST_IN_MEMORY_MS)
  await pause(POLL_MS)
  await tabs.closeAll()
  await tabs.fill(1)
  const [tab] = tabs.alive
  if (tab === undefined) throw new Error('No tab could be opened after the troubles.')
  for (const user of ['ben', 'ana']) {
    await signIn(tab, user)
    for (const { id } of await drain(tab)) visible.add(id)
    await checker.look()
  }
  await expectRows(tab, proofs)
  return visible
}

const SUBS: Readonly<Record<string, string>> = { ana: 'user-456', ben: 'user-789' }

async function signIn(tab: Tab, user: string): Promise<void> {
  await until(`${user} is signed in`, async () => {
    if ((await tab.ask(() => soak.actor(), null)) === SUBS[user]) return true
    await tab.ask((name) => soak.switchTo(name, 'told'), user)
    return false
  })
}

async function drain(tab: Tab): Promise<{ id: string; state: string }[]> {
  const queued = async () => (await tab.ask(() => soak.queued(), null)) ?? []
  const endsAt = Date.now() + LONGEST_MS
  await pause(POLL_MS)
  while (Date.now() < endsAt && (await queued()).some(({ state }) => !FOR_A_PERSON.has(state))) {
    await tab.ask(() => void soak.client.syncQueue(), null)
    await pause(SYNC_EVERY_MS)
  }
  return queued()
}

// In the end the screen shows the server's rows, with nothing provisional that has been decided.
async function expectRows(tab: Tab, proofs: ProofReader): Promise<void> {
  await until('the rows on the screen are those of the server', async () => {
    const rows = (await tab.ask(() => soak.versions(), null)) ?? []
    const truth = await proofs.versions()
    return rows.length === truth.size && rows.every(({ id, version }) => truth.get(id) === version)
  })
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const endsAt = Date.now() + LONGEST_MS
  while (!(await isTrue())) {
    if (Date.now() > endsAt) throw new Error(`It did not come about within ${LONGEST_MS / 1_000} s that ${what}.`)
    await pause(POLL_MS)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
