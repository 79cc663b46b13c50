import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createIdentity, createTwilioSimulator } from '@org/stand-ins'
import { startPostgres } from '@org/tooling/postgres'
import { parse } from 'yaml'
import { orgApi } from './image.mjs'
import { startNginx } from './nginx.mjs'
import { Replicas } from './Replicas.mjs'
import { startRedis } from './redis.mjs'
import { Witness } from './Witness.mjs'

const REPLICAS = 3
/** Rows of each kind in each organisation: more than anybody clicks on. */
const ROWS = 10_000
const PEOPLE = [
  ['ana', 'org-1'],
  ['ben', 'org-1'],
  ['eve', 'org-2'],
]

/** A deployment as compose.yml describes it: processes in place of containers, stand-ins in place of Twilio and sign-in. */
export class Rehearsal {
  /** @type {Replicas} */ replicas
  /** @type {Witness} */ witness
  /** Sends what replicas of any version are set to. @type {Record<string, string>} */ env
  #stops = []

  /**
   * @param {import('./image.mjs').Image} image
   * @param {{ nginx: string, folder: string }} options `nginx`: the program
   */
  static async open(image, options) {
    const rehearsal = new Rehearsal()
    try {
      await rehearsal.#open(image, options)
    } catch (error) {
      await rehearsal.stop()
      throw error
    }
    return rehearsal
  }

  async #open(image, { nginx, folder }) {
    const { services } = parse(readFileSync(join(image.deploy, 'compose.yml'), 'utf8'), { merge: true })
    const identity = await createIdentity({ issuer: 'http://identity.test', lifetimeSeconds: 7_200 })
    const keys = createServer((_req, res) => res.setHeader('Content-Type', 'application/json').end(JSON.stringify(identity.jwks())))
    await new Promise((resolve) => keys.listen(0, '127.0.0.1', resolve))
    this.#stops.push(() => keys.close())
    this.postgres = await startPostgres(['-c', 'fsync=on', ...services.postgres.command.slice(1)])
    this.#stops.push(() => this.postgres.stop())
    this.redis = await startRedis(services.redis.command.slice(1))
    this.#stops.push(() => this.redis.stop())
    this.twilio = await createTwilioSimulator({ sentAfterMs: 50, deliveredAfterMs: 100 })
    this.#stops.push(() => this.twilio.close())

    this.databaseUrl = await this.postgres.createDatabase('app')
    this.replicas = await Replicas.plan(image, REPLICAS)
    this.nginx = await startNginx(nginx, {
      folder: join(folder, 'nginx'),
      conf: join(image.deploy, 'nginx.conf'),
      upstreams: this.replicas.ports,
    })
    this.#stops.push(() => this.nginx.stop())
    const [firstReplica] = Object.entries(services).find(([name]) => name.startsWith('api')) ?? []
    this.env = {
      ...services[firstReplica].environment,
      // Production refuses stand-ins; everything else is as it is there.
      NODE_ENV: 'test',
      DATABASE_URL: this.databaseUrl,
      REDIS_URL: this.redis.url,
      JWKS_URL: `http://127.0.0.1:${keys.address().port}/jwks.json`,
      JWT_ISSUER: identity.issuer,
      PUBLIC_URL: this.nginx.url,
      TWILIO_ACCOUNT_SID: this.twilio.accountSid,
      TWILIO_AUTH_TOKEN: this.twilio.authToken,
      TWILIO_FROM: this.twilio.phoneNumber,
      TWILIO_API_BASE_URL: this.twilio.url,
      // All of them click from one address, faster than people do.
      RATE_LIMIT_USER_PER_MINUTE: '1000000',
      RATE_LIMIT_ADDRESS_PER_MINUTE: '1000000',
      SMS_LIMIT_USER_PER_MINUTE: '1000000',
    }
    await orgApi(image, ['migrate'], this.env)
    this.#stops.push(() => this.replicas.killAll())
    await Promise.all(this.replicas.ports.map((_port, index) => this.replicas.start(index, this.env)))
    this.witness = new Witness(this.databaseUrl, this.twilio)
    this.#stops.push(() => this.witness.stop())
    await this.#addRows()
    await this.witness.watch()
    this.who = await Promise.all(
      [...PEOPLE, ...PEOPLE].map(async ([user, tenant]) => ({ user, tenant, token: await identity.issueToken({ user }) })),
    )
  }

  async #addRows() {
    const tenants = [...PEOPLE, ...PEOPLE].map(([, tenant]) => tenant)
    const values = [tenants, ROWS]
    await this.witness.query(
      `insert into public.leads (id, org_id, name, phone, status)
       select 'lead-' || n, ($1::text[])[1 + n % cardinality($1::text[])], 'Lead ' || n, '+1202555' || lpad((n % 10000)::text, 4, '0'), 'new'
       from generate_series(0, $2::int - 1) as n`,
      values,
    )
    await this.witness.query(
      `insert into public.appointments (id, org_id, title, scheduled_at, status)
       select 'apt-' || n, ($1::text[])[1 + n % cardinality($1::text[])], 'Appointment ' || n, now(), 'pending'
       from generate_series(0, $2::int - 1) as n`,
      values,
    )
  }

  /** One replica after another: asked to stop, gone, started again, ready. */
  async roll() {
    for (let index = 0; index < this.replicas.size; index += 1) {
      await this.replicas.stop(index)
      await this.replicas.start(index, this.env)
    }
  }

  /** Rows of the first person's organisation behind the first `count`, that nobody clicked on. @returns {(kind: 'lead' | 'apt') => string} */
  freshRows(count) {
    let next = Math.ceil(count / this.who.length) * this.who.length
    return (kind = 'lead') => {
      next += this.who.length
      return `${kind}-${next}`
    }
  }

  /** Twilio's callbacks arrive through nginx, and what they missed is asked for. @throws {Error} when some are not known within `limitMs` */
  async allDelivered(limitMs) {
    const deadline = performance.now() + limitMs
    for (;;) {
      const { rows } = await this.witness.query(
        `select state, count(*)::int as times from sync.sms_messages where state <> 'delivered' group by state`,
      )
      if (rows.length === 0) return
      if (performance.now() > deadline) throw new Error(rows.map(({ state, times }) => `${times} are ${state}`).join(', '))
      await wait(250)
    }
  }

  async stop() {
    for (const stop of this.#stops.splice(0).reverse()) await stop()
  }
}
