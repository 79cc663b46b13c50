import { rm } from 'node:fs/promises'
import { PREPARED_DATA } from './dataDirectory.js'
import { startDemo } from './startDemo.js'

/** Makes the seeded database once; every demo starts from a copy, which is quicker than a first start. Returns the clean-up. */
export default async function prepareData(): Promise<() => Promise<void>> {
  await rm(PREPARED_DATA, { recursive: true, force: true })
  const demo = await startDemo({ dataDirectory: PREPARED_DATA })
  await demo.stop()
  return () => rm(PREPARED_DATA, { recursive: true, force: true })
}
