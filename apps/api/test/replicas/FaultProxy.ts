import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Which bytes stop: what goes to the service, or what comes back from it. */
export type Direction = 'requests' | 'replies'

/** A network between a replica and a service that can be held up and cut. */
export class FaultProxy {
  readonly #server: Server
  readonly #pairs = new Set<{ client: Socket; service: Socket }>()
  #hold: { direction: Direction; marker: Buffer | null; caught: () => void } | null = null
  #release: (() => void)[] = []

  private constructor(server: Server) {
    this.#server = server
  }

  /** Listens on a free port and forwards to `port`. */
  static async to(port: number): Promise<FaultProxy> {
    const server = createServer()
    const proxy = new FaultProxy(server)
    server.on('connection', (client) => proxy.#pair(client, connect(port, '127.0.0.1')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /**
   * Holds a direction on the connection that first sends a request with `marker` in it. Resolves once
   * something is held there. With "requests" that very request is held; with "replies" its answer.
   */
  holdAt(direction: Direction, marker: string): Promise<void> {
    return new Promise((caught) => {
      this.#hold = { direction, marker: Buffer.from(marker), caught }
    })
  }

  /** Lets everything held go on its way. */
  release(): void {
    this.#hold = null
    for (const go of this.#release.splice(0)) go()
  }

  /** Cuts every connection, as a failing network does. */
  cut(): void {
    for (const { client, service } of this.#pairs) {
      client.destroy()
      service.destroy()
    }
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #pair(client: Socket, service: Socket): void {
    const pair = { client, service }
    this.#pairs.add(pair)
    let holding: Direction | null = null
    const end = () => {
      this.#pairs.delete(pair)
      client.destroy()
      service.destroy()
    }
    for (const socket of [client, service]) socket.setNoDelay(true).on('error', end).on('close', end)

    const forward = (direction: Direction, to: Socket) => (chunk: Buffer) => {
      const plan = this.#hold
      if (direction === 'requests' && plan !== null && plan.marker !== null && chunk.includes(plan.marker)) {
        holding = plan.direction
        plan.marker = null
        if (plan.direction === 'requests') plan.caught()
      }
      if (holding !== direction || this.#hold === null) {
        to.write(chunk)
        return
      }
      if (direction === 'replies') this.#hold.caught()
      this.#release.push(() => {
        holding = null
        if (!to.destroyed) to.write(chunk)
      })
    }
    client.on('data', forward('requests', service))
    service.on('data', forward('replies', client))
  }
}
