import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '@org/tooling/loopback'
import { cpuMsOf } from '../release/startTime.mjs'
import { start } from './image.mjs'

const LONGEST_START_MS = 60_000

/** The replicas of one deployment: processes of an image, each on a port that it keeps over restarts. */
export class Replicas {
  #image
  #members

  constructor(image, members) {
    this.#image = image
    this.#members = members
  }

  /** @param {number} size */
  static async plan(image, size) {
    const ports = []
    for (let n = 0; n < size; n += 1) ports.push(await freePort())
    return new Replicas(
      image,
      ports.map((port) => ({ port, child: null, lines: [] })),
    )
  }

  get ports() {
    return this.#members.map(({ port }) => port)
  }

  get size() {
    return this.#members.length
  }

  /** What each logged at `error` or above. */
  get errors() {
    return this.#members.flatMap(({ lines }) => lines.filter(({ level }) => level >= 50))
  }

  /** What is started from now on. */
  deploy(image) {
    this.#image = image
  }

  /** Starts one and waits until it may get traffic. @returns {Promise<number>} how long that took, in milliseconds */
  async start(index, env) {
    const member = this.#members[index]
    const startedAt = performance.now()
    const child = start(this.#image, this.#image.recipe.command, { ...env, PORT: String(member.port) })
    member.child = child
    let last = ''
    createInterface({ input: child.stdout }).on('line', (line) => {
      last = line
      const entry = parse(line)
      if (entry) member.lines.push(entry)
    })
    child.stderr.on('data', (text) => {
      last = String(text)
    })
    while (performance.now() - startedAt < LONGEST_START_MS) {
      if (!isAlive(child)) throw new Error(`A replica ended with ${child.exitCode ?? child.signalCode} before it was ready: ${last}`)
      if ((await fetch(`http://127.0.0.1:${member.port}/readyz`).catch(() => null))?.ok) return performance.now() - startedAt
      await wait(20)
    }
    throw new Error(`A replica was not ready within ${LONGEST_START_MS / 1_000} s: ${last}`)
  }

  /** What one took of a processor so far, in milliseconds; null where nobody tells. */
  cpuMs(index) {
    return cpuMsOf(this.#members[index].child.pid)
  }

  /** SIGTERM, as a container engine stops one. @throws {Error} when it does not end well */
  async stop(index) {
    const code = await this.#end(index, 'SIGTERM')
    if (code !== 0) throw new Error(`A replica ended with ${code} after SIGTERM.`)
  }

  /** `kill -9`. */
  async kill(index) {
    await this.#end(index, 'SIGKILL')
  }

  async killAll() {
    await Promise.all(this.#members.map((_member, index) => this.kill(index)))
  }

  /** Replicas that ended without being told to. */
  fallen() {
    return this.#members.filter(({ child }) => child !== null && !isAlive(child)).length
  }

  async #end(index, signal) {
    const { child } = this.#members[index]
    if (child === null || !isAlive(child)) return child?.exitCode ?? null
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
    return child.exitCode
  }
}

function isAlive(child) {
  return child.exitCode === null && child.signalCode === null
}

function parse(line) {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
