/** Redis is away or too slow. Nothing depends on it but speed. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError'
}
