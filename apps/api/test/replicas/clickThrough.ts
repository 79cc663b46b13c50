import type { Cluster } from './Cluster.js'
import { aClick, addRows, attempt, type Click, type ClickResult, clickUntilRecorded } from './click.js'

const AT_ONCE = 12
/** How long one click may take over all trouble. Milliseconds. */
export const PATIENCE_MS = 180_000

/** Runs `work` over all clicks, a few at once. */
export async function each<T>(clicks: readonly T[], work: (click: T, index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let index = next++; index < clicks.length; index = next++) await work(clicks[index] as T, index)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

export interface Disturbance {
  random: () => number
  /** Makes one trouble and waits for its end; called again and again. @default nothing happens */
  disturb?: () => Promise<void>
  /** After this no more trouble is made, so that circuits close again and what waits goes out. @default 0 */
  troubleMs?: number
}

/** Carries all clicks out, each with its own duplicates, while `disturb` goes on. Returns what each was answered. */
export async function clickThrough(
  cluster: Cluster,
  clicks: readonly Click[],
  { random, disturb = async () => undefined, troubleMs = 0 }: Disturbance,
): Promise<Map<Click, ClickResult>> {
  const results = new Map<Click, ClickResult>()
  let done = false
  const endsAt = performance.now() + troubleMs
  const trouble = (async () => {
    while (!done && performance.now() < endsAt) await disturb()
  })()
  await each(clicks, async (click, index) => {
    // A second tab, or an impatient retry, at the same moment on another replica.
    const duplicate = random() < 0.3 ? attempt(cluster, click, (index + 1) % cluster.members.length) : Promise.resolve(null)
    results.set(click, await clickUntilRecorded(cluster, click, { member: index, withinMs: PATIENCE_MS }))
    await duplicate
  })
  done = true
  await trouble
  return results
}

/** Confirmations, and an SMS for every fourth. */
export async function mixedClicks(cluster: Cluster, name: string, count: number): Promise<Click[]> {
  const { appointments, leads } = await addRows(cluster, name, count)
  return appointments.map((appointmentId, index) =>
    index % 4 === 0
      ? aClick('/api/leads/send-sms', { leadId: leads[index], message: `${name} ${index}` })
      : aClick('/api/bookings/confirm', { appointmentId }),
  )
}
