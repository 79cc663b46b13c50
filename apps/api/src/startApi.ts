import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import type { ApiOptions } from './apiRoutes.js'
import { createApp, createMetricsApp } from './createApp.js'
import type { Dependencies } from './dependencies.js'
import { ConfigError } from './engine/config/ConfigError.js'
import { countRequests, drainServer } from './engine/http/drainServer.js'
import { startBackground } from './startBackground.js'

/** How long a request may take to arrive. Whoever sends it byte by byte would hold a connection for minutes. */
const ARRIVAL_LIMITS = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 }

export interface StartOptions extends ApiOptions {
  /** Puts something in front of the API on the same server, for example static files. */
  wrap?: (api: Express) => RequestListener
}

/** A running API. */
export interface RunningApi {
  readonly server: Server
  readonly port: number
  /** http://host:port, without a trailing slash. */
  readonly url: string
  /** Stops taking requests, finishes those under way, lets go of everything. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Serves the API and turns its background wheels (SMS, change feed, clean-up).
 * @throws {Error} with code EADDRINUSE when the port is taken
 * @throws {ConfigError} when `METRICS_PORT` is, or this machine has no address `HOST`
 */
export async function startApi(dependencies: Dependencies, { wrap = (api) => api, ...options }: StartOptions = {}): Promise<RunningApi> {
  const { config } = dependencies
  let draining = false
  const server = createServer({ keepAliveTimeout: config.keepAliveMs, ...ARRIVAL_LIMITS })
  const requests = countRequests(server)
  const handle = wrap(createApp(dependencies, { ...options, isDraining: () => draining }))
  server.on('request', (req, res) => {
    if (draining) res.setHeader('Connection', 'close')
    handle(req, res)
  })
  const metrics = await serveMetrics(dependencies)
  const background = await listen(server, config)
    .then(() => startBackground(dependencies, options))
    .catch((error: unknown) => {
      // A start that failed serves nobody, and keeps no process alive.
      for (const each of [server, metrics]) {
        each?.close()
        each?.closeAllConnections()
      }
      throw error
    })

  let stopping: Promise<void> | undefined
  const stop = async () => {
    draining = true
    await drainServer(server, { requests, ...config.shutdown })
    await background.stop()
    metrics?.closeAllConnections()
    metrics?.close()
    await dependencies.close()
  }
  const { port } = server.address() as AddressInfo
  return {
    server,
    port,
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

/** Metrics on the port of their own, where they have one. */
async function serveMetrics(dependencies: Dependencies): Promise<Server | null> {
  const { host, metrics } = dependencies.config
  if (metrics.port === null) return null
  const server = createServer(ARRIVAL_LIMITS, createMetricsApp(dependencies))
  await listen(server, { host, port: metrics.port }).catch((error: unknown) => {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(`METRICS_PORT is wrong: port ${metrics.port} is in use, or this user may not open it. Set it to another one.`)
  })
  return server
}

const NO_SUCH_ADDRESS = ['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EINVAL']

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(NO_SUCH_ADDRESS.includes(error.code ?? '') ? noSuchAddress(error) : error)
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

function noSuchAddress({ code }: NodeJS.ErrnoException): ConfigError {
  return new ConfigError(
    `HOST is wrong: this machine has no such address (${code}). Set it to 0.0.0.0 to be reached from outside, or to 127.0.0.1.`,
  )
}
