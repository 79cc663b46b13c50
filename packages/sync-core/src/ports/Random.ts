/** Chance as the core sees it. */
export interface Random {
  /** Uniform in [0, 1). For jitter. */
  uniform(): number
  /** `length` bytes fit for identities (`getRandomValues`). */
  bytes(length: number): Uint8Array
}
