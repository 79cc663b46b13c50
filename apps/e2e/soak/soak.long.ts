import { runSoak } from './runSoak.js'
import { expect, test } from './world.js'

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30)
const SEED = Number(process.env.SOAK_SEED)

test(`whatever happens for ${MINUTES} minutes, no click is lost, doubled, sent in another's name or shown as what it is not (SOAK_SEED=${SEED})`, async ({
  context,
  demo,
}) => {
  console.log(`SOAK_SEED=${SEED} SOAK_MINUTES=${MINUTES}`)
  const { faults, ...figures } = await runSoak({ context, demoUrl: demo.url, forMs: MINUTES * 60_000, seed: SEED })
  console.log(JSON.stringify(figures, null, 2))
  expect(faults).toEqual([])
  expect(figures.effects).toBeGreaterThan(0)
})
