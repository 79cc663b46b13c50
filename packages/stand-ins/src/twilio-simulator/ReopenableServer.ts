import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** An HTTP server whose port can be closed for a while and opened again as the same one. */
export interface ReopenableServer {
  /** The port it has, or will have again. */
  readonly port: number
  /** Opens the port; does nothing when it is open. */
  open(): Promise<void>
  /** Cuts every connection and closes the port; does nothing when it is closed. */
  close(): Promise<void>
}

/**
 * Opens a server on the loopback address.
 * @param port 0 picks a free one
 * @throws {Error} with `code` EADDRINUSE when the port is taken
 */
export async function openServer(port: number, listener: RequestListener): Promise<ReopenableServer> {
  let server: Server | null = null
  let chosenPort = port
  // Opening and closing wait for each other, so that the port's state is always the last one asked for.
  let turn: Promise<void> = Promise.resolve()
  const sockets = new Set<Socket>()

  function inTurn(step: () => Promise<void>): Promise<void> {
    const next = turn.then(step)
    turn = next.catch(() => undefined)
    return next
  }

  async function openNow(): Promise<void> {
    if (server !== null) return
    const opening = createServer(listener)
    opening.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve, reject) => {
      opening.once('error', reject)
      opening.listen(chosenPort, '127.0.0.1', resolve)
    })
    chosenPort = (opening.address() as AddressInfo).port
    server = opening
  }

  async function closeNow(): Promise<void> {
    const closing = server
    if (closing === null) return
    server = null
    const closed = new Promise((resolve) => closing.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }

  await inTurn(openNow)
  return {
    get port() {
      return chosenPort
    },
    open: () => inTurn(openNow),
    close: () => inTurn(closeNow),
  }
}
