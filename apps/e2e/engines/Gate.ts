import { request as ask, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** The demo under an address of its own that can be away, because two of three browsers have no switch for the network. */
export class Gate {
  readonly url: string
  readonly #server: Server
  readonly #target: URL
  readonly #open = new Set<Duplex>()
  #isAway = false

  private constructor(server: Server, target: string) {
    this.#server = server
    this.#target = new URL(target)
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`
    server.on('request', (incoming, outgoing) => this.#pass(incoming, outgoing))
    server.on('upgrade', (incoming, socket) => this.#passSocket(incoming, socket as Socket))
    server.on('connection', (socket) => this.#keep(socket))
  }

  /** @param target where the demo is */
  static async open(target: string): Promise<Gate> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    return new Gate(server, target)
  }

  /** Cuts what is open, and whatever comes. */
  leave(): void {
    this.#isAway = true
    for (const socket of this.#open) socket.destroy()
  }

  comeBack(): void {
    this.#isAway = false
  }

  async close(): Promise<void> {
    this.leave()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #keep(socket: Duplex): void {
    if (this.#isAway) return void socket.destroy()
    this.#open.add(socket)
    socket.on('close', () => this.#open.delete(socket))
    // Whoever is cut says so; that is what this is for.
    socket.on('error', () => socket.destroy())
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url: path = '/', headers } = incoming
    const answered = (answer: IncomingMessage) => {
      if (path === '/settings.json') return void this.#answerSettings(answer, outgoing)
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    }
    const forward = ask(new URL(path, this.#target), { method, headers }, answered)
    forward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => forward.destroy())
    incoming.pipe(forward)
  }

  // There the demo names its own address, for what is live.
  async #answerSettings(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString().replaceAll(this.#target.origin, this.url)
    outgoing.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(text)
  }

  #passSocket({ url, headers }: IncomingMessage, socket: Socket): void {
    const onward = connect(Number(this.#target.port), this.#target.hostname)
    this.#keep(onward)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    onward.write([`GET ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
    onward.pipe(socket).pipe(onward)
    onward.on('close', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  }
}
