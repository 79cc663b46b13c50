import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createIdentity } from '@org/stand-ins'

/** The API on a real Postgres, and one signed-in caller. */
export class ApiProcess {
  readonly #child: ChildProcess
  readonly #url: string
  readonly #token: string
  readonly #closeKeys: () => void

  private constructor(at: { child: ChildProcess; url: string; token: string; closeKeys: () => void }) {
    this.#child = at.child
    this.#url = at.url
    this.#token = at.token
    this.#closeKeys = at.closeKeys
  }

  static async start(serverFile: string, databaseUrl: string): Promise<ApiProcess> {
    const identity = await createIdentity()
    const keys = createServer((_request, response) => response.end(JSON.stringify(identity.jwks())))
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve))
    const env = {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      DATABASE_URL: databaseUrl,
      JWKS_URL: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/`,
      JWT_ISSUER: identity.issuer,
      // A thousand calls in a second are the measurement, not an attack.
      RATE_LIMIT_USER_PER_MINUTE: '1000000',
      RATE_LIMIT_ADDRESS_PER_MINUTE: '1000000',
    }
    const child = fork(serverFile, { env })
    const [{ url }] = (await once(child, 'message')) as [{ url: string }]
    return new ApiProcess({ child, url, token: await identity.issueToken({ user: 'ana' }), closeKeys: () => keys.close() })
  }

  /** @throws {Error} when the answer is not 200 */
  async post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.#token}`,
        'idempotency-key': crypto.randomUUID(),
      },
    })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`)
    return JSON.parse(text)
  }

  /** @throws {Error} when the answer is not 200 */
  async get(path: string): Promise<unknown> {
    const response = await fetch(this.#url + path, { headers: { authorization: `Bearer ${this.#token}` } })
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`)
    return response.json()
  }

  /** Of the API's process. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.send('stop')
    await exited
    this.#closeKeys()
  }
}
