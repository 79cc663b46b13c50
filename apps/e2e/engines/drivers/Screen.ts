import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { findSystemProgram } from '@org/tooling/system-programs'

/** A screen that nobody sees, for browsers that cannot do without one. */
export class Screen {
  /** As `DISPLAY` names it. */
  readonly display: string
  readonly #server: ChildProcess

  private constructor(server: ChildProcess, display: string) {
    this.#server = server
    this.display = display
  }

  static async open(): Promise<Screen> {
    const args = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp']
    const server = spawn(findSystemProgram('xvfb') ?? 'Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    const [number] = await once(server.stdio[3] as Readable, 'data')
    return new Screen(server, `:${String(number).trim()}`)
  }

  close(): void {
    this.#server.kill()
  }
}
