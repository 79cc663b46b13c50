import type { FakeSyncClient } from '../../src/testing/createFakeSyncClient.js'

let current: FakeSyncClient | undefined

/** The client of the story on screen, for play functions. */
export function stageClient(): FakeSyncClient {
  if (current === undefined) throw new Error('stageClient: no story is on screen yet')
  return current
}

export function setStageClient(client: FakeSyncClient): void {
  current = client
}
