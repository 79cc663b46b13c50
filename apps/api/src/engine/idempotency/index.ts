export { connectRedis, type RedisConnection } from '../redis/RedisConnection.js'
export type { IdempotencyOptions, Scope } from './IdempotencyOptions.js'
export {
  type Claim,
  type Found,
  type IdempotencyStore,
  type MaybeLater,
  type Outcome,
  type StoredAnswer,
  StoreFullError,
} from './IdempotencyStore.js'
export { type Idempotency, idempotency } from './idempotency.js'
export type { ArrivalOutcome, IdempotencyEvents } from './idempotencyEvents.js'
export { MemoryStore, type MemoryStoreOptions } from './MemoryStore.js'
export { RedisStore, type RedisStoreOptions } from './RedisStore.js'
