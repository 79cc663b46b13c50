import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { Contestant } from './contestants.js'

/** A contestant's server, and a client that keeps it busy. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #url: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 })

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.#url = url
  }

  static async start(serverFile: string, contestant: Contestant, redisUrl: string): Promise<ServerProcess> {
    // Garbage is collected by one thread: several wait for each other on a busy machine, and waiting costs CPU time too.
    const child = fork(serverFile, [contestant, redisUrl], { execArgv: ['--expose-gc', '--single-threaded-gc'] })
    const [{ url }] = (await once(child, 'message')) as [{ url: string }]
    return new ServerProcess(child, url)
  }

  /** CPU microseconds of the server per request, over one request for each key. */
  async cpuPerRequest(keys: readonly string[]): Promise<number> {
    const before = await this.#ask<{ micros: number }>('cpu')
    await this.send(keys)
    const after = await this.#ask<{ micros: number }>('cpu')
    return (after.micros - before.micros) / keys.length
  }

  /** What it holds after a garbage collection, in bytes. */
  async heldBytes(): Promise<number> {
    return (await this.#ask<{ bytes: number }>('memory')).bytes
  }

  async send(keys: readonly string[]): Promise<void> {
    let next = 0
    const worker = async () => {
      while (next < keys.length) await this.#post(keys[next++] ?? '')
    }
    await Promise.all(Array.from({ length: 16 }, worker))
  }

  async stop(): Promise<void> {
    this.#agent.destroy()
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  async #ask<Answer>(question: 'cpu' | 'memory'): Promise<Answer> {
    const answer = once(this.#child, 'message') as Promise<[Answer]>
    this.#child.send(question)
    const [found] = await answer
    return found
  }

  #post(key: string): Promise<void> {
    const body = '{"leadId":"lead-123","status":"qualified","expectedVersion":1}'
    const headers = { 'content-type': 'application/json', 'content-length': body.length, 'idempotency-key': key }
    return new Promise((resolve, reject) => {
      request(this.#url, { method: 'POST', agent: this.#agent, headers }, (res) => {
        if (res.statusCode !== 200) reject(new Error(`the server answered ${res.statusCode}`))
        res.resume().on('end', resolve)
      })
        .on('error', reject)
        .end(body)
    })
  }
}
