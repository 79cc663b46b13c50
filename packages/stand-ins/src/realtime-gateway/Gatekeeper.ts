import { type Access, ANONYMOUS, checkToken, type TokenVerifier, type Verdict } from './access.js'

/** Decides what API keys and access tokens open, and remembers which tokens the fault plan ended early. */
export class Gatekeeper {
  readonly #anonKey: string
  readonly #verify: TokenVerifier
  readonly #ended = new Set<string>()

  constructor(options: { anonKey: string; verify: TokenVerifier }) {
    this.#anonKey = options.anonKey
    this.#verify = options.verify
  }

  /** The project's key: the anonymous one, or a token of its own right (the service role's). */
  async checkKey(key: string | null): Promise<Verdict> {
    if (key === null || key === '') return { ok: false, refusal: 'missing' }
    return key === this.#anonKey ? { ok: true, access: ANONYMOUS } : checkToken(key, this.#verify)
  }

  /** A channel's token. Without one, or with a project key in its place, the channel sees what the key sees. */
  async authorize(token: string | null, keyAccess: Access): Promise<Verdict> {
    if (token === null || token === this.#anonKey || token.startsWith('sb_')) return { ok: true, access: keyAccess }
    if (this.#ended.has(token)) return { ok: false, refusal: 'expired' }
    return checkToken(token, this.#verify)
  }

  /** From now on `token` counts as expired. */
  endToken(token: string): void {
    this.#ended.add(token)
  }

  /** Forgets what {@link endToken} said. */
  forgiveTokens(): void {
    this.#ended.clear()
  }
}
