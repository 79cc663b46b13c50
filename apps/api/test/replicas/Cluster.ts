import { createIdentity, createTwilioSimulator, type DemoUserName, type TwilioSimulator } from '@org/stand-ins'
import { freePort } from '@org/tooling/loopback'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import pg from 'pg'
import { portOf, serve } from '../harness.js'
import { startTestRedis, type TestRedis } from '../support/startTestRedis.js'
import { AnswerWitness } from './AnswerWitness.js'
import { builtApi } from './builtApi.js'
import { FaultProxy } from './FaultProxy.js'
import { Neighbour } from './Neighbour.js'
import { type Replica, startReplica } from './Replica.js'

/** A replica and the networks around it. */
export interface Member {
  replica: Replica
  /** Between this replica and Postgres. */
  postgres: FaultProxy
  /** Between this replica and Redis. */
  redis: FaultProxy
  /** Starts the replica again after its death. */
  revive(): Promise<void>
}

/** Several replicas that share Postgres, Redis and Twilio and nothing else. */
export interface Cluster {
  members: Member[]
  postgres: PostgresServer
  redis: TestRedis
  twilio: TwilioSimulator
  /** Sees every answer to a click. */
  witness: AnswerWitness
  /** Another database of the same server, with transactions that are rolled back all the time. */
  neighbour: Neighbour
  /** Straight to the database, past every proxy. */
  sql: pg.Pool
  token: string
  /** A token of somebody else's. */
  tokenOf(user: DemoUserName): Promise<string>
  stop(): Promise<void>
}

export interface ClusterOptions {
  size: number
  env?: Record<string, string>
  /** The member Twilio's callbacks go to; null: Twilio cannot reach the API. @default 0 */
  callbacksTo?: number | null
}

export async function startCluster({ size, env = {}, callbacksTo = 0 }: ClusterOptions): Promise<Cluster> {
  const main = await builtApi()
  const identity = await createIdentity({ issuer: 'http://identity.test', lifetimeSeconds: 7_200 })
  const jwks = await serve((_req, res) => res.setHeader('Content-Type', 'application/json').end(JSON.stringify(identity.jwks())))
  const [postgres, redis, twilio] = await Promise.all([
    startPostgres(['-c', 'fsync=on', '-c', 'wal_writer_delay=10s']),
    startTestRedis(),
    createTwilioSimulator({ sentAfterMs: 10, deliveredAfterMs: 10 }),
  ])
  const databaseUrl = new URL(await postgres.createDatabase())
  const ports = await Promise.all(Array.from({ length: size }, freePort))
  const publicPort = callbacksTo === null ? undefined : ports[callbacksTo]

  const members: Member[] = []
  for (const port of ports) {
    const networks = {
      postgres: await FaultProxy.to(Number(databaseUrl.port)),
      redis: await FaultProxy.to(Number(new URL(redis.url).port)),
    }
    const url = new URL(databaseUrl)
    url.port = String(networks.postgres.port)
    const start = () =>
      startReplica(main, {
        PORT: String(port),
        JWKS_URL: `http://127.0.0.1:${portOf(jwks)}/jwks.json`,
        JWT_ISSUER: identity.issuer,
        DATABASE_URL: url.href,
        REDIS_URL: `redis://127.0.0.1:${networks.redis.port}`,
        TWILIO_ACCOUNT_SID: twilio.accountSid,
        TWILIO_AUTH_TOKEN: twilio.authToken,
        TWILIO_FROM: twilio.phoneNumber,
        TWILIO_API_BASE_URL: twilio.url,
        RATE_LIMIT_USER_PER_MINUTE: '1000000',
        RATE_LIMIT_ADDRESS_PER_MINUTE: '1000000',
        SMS_LIMIT_USER_PER_MINUTE: '1000000',
        ...(publicPort === undefined ? {} : { PUBLIC_URL: `http://127.0.0.1:${publicPort}` }),
        ...env,
      })
    const member: Member = {
      ...networks,
      replica: await start(),
      async revive() {
        member.replica = await start()
      },
    }
    members.push(member)
  }
  const neighbour = new Neighbour(await postgres.createDatabase())
  const sql = new pg.Pool({ connectionString: databaseUrl.href, max: 4 })
  sql.on('error', () => undefined)

  return {
    members,
    postgres,
    redis,
    twilio,
    witness: new AnswerWitness(),
    neighbour,
    sql,
    token: await identity.issueToken({ user: 'ana' }),
    tokenOf: (user) => identity.issueToken({ user }),
    async stop() {
      await Promise.all(members.map(({ replica }) => replica.kill()))
      await Promise.all(members.flatMap((member) => [member.postgres.close(), member.redis.close()]))
      await neighbour.stop()
      await sql.end()
      await Promise.all([postgres.stop(), redis.stop(), twilio.close(), new Promise((resolve) => jwks.close(resolve))])
    },
  }
}
