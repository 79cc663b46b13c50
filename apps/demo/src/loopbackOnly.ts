import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RealtimeGateway } from '@org/stand-ins'
import type { RequestHandler } from 'express'

const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i

/**
 * True when the browser believes that it speaks with this machine. A page elsewhere can point its own name at
 * 127.0.0.1 and would then be this origin to the browser, with every demo account within reach. Pure.
 */
export function namesLoopback(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK.test(host)
}

/** First of all: the demo answers to the names of this machine alone. */
export const loopbackOnly: RequestHandler = (request, response, next) => {
  if (namesLoopback(request.headers.host)) return next()
  const error = 'The demo answers on this machine only, by the name localhost. Open it at http://localhost and its port.'
  response.status(421).json({ success: false, error, code: 'FORBIDDEN', retryable: false })
}

/** The same for sockets: those under the gateway's path are its own, every other one is cut. */
export function socketsOfLoopback(gateway: Pick<RealtimeGateway, 'handleUpgrade'>): UpgradeListener {
  return (request, socket, head) => {
    const taken = namesLoopback(request.headers.host) && gateway.handleUpgrade(request, socket, head)
    if (!taken) socket.destroy()
  }
}

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void
