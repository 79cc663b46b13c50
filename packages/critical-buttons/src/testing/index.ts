export { createFakeSyncClient, type FakeSyncClient, type FakeSyncClientOptions } from './createFakeSyncClient.js'
export type { FakeSubmission } from './FakeQueue.js'
