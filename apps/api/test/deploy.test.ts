import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ERROR_CODES } from '@org/contracts'
import { pino } from 'pino'
import type { MetricObjectWithValues, MetricValue } from 'prom-client'
import { parse, parseAllDocuments } from 'yaml'
import { readCommand } from '../src/commands/readCommand.js'
import { settingsSchema } from '../src/config.js'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import { databaseMetrics } from '../src/engine/telemetry/databaseMetrics.js'
import { createTelemetry } from '../src/engine/telemetry/Telemetry.js'
import { loadConfig } from '../src/index.js'
import { smsBacklogMetrics } from '../src/modules/sms/smsBacklog.js'
import { createSmsTelemetry } from '../src/modules/sms/smsTelemetry.js'
import { startTestApi } from './harness.js'

const read = (path: string) => readFile(new URL(`../deploy/${path}`, import.meta.url), 'utf8')
const SETTINGS = Object.keys(settingsSchema.shape)

describe('alerts and dashboard', () => {
  /** What is exported, with the labels that tell its values apart. */
  const labels = new Map<string, Set<string>>()
  let expressions: string[] = []
  let shown: string[] = []
  let readme = ''

  beforeAll(async () => {
    const log = pino({ level: 'silent' })
    const telemetry = createTelemetry(log)
    createSmsTelemetry({ ...telemetry, log })
    const database = await openTestDatabase()
    databaseMetrics(telemetry.registry, Object.assign(database, { connections: () => ({ inUse: 0, idle: 0, waiting: 0 }) }))
    smsBacklogMetrics(telemetry.registry, database)
    for (const metric of telemetry.registry.getMetricsAsArray() as unknown as (MetricObjectWithValues<MetricValue<string>> & {
      labelNames?: string[]
    })[]) {
      const names =
        String(metric.type) === 'histogram' || 'buckets' in metric
          ? ['_bucket', '_count', '_sum'].map((end) => metric.name + end)
          : [metric.name]
      for (const name of names) labels.set(name, new Set([...(metric.labelNames ?? []), ...(name.endsWith('_bucket') ? ['le'] : [])]))
    }
    await database.close()
    readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const rules = parse(await read('alerts.yml')).groups.flatMap((group: { rules: { expr: string }[] }) => group.rules)
    const { panels } = JSON.parse(await read('grafana-dashboard.json'))
    shown = panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr))
    expressions = [...rules.map(({ expr }: { expr: string }) => expr), ...shown]
  })

  const WORDS = new Set(
    'sum max min avg rate increase histogram_quantile by le status code state kind verdict outcome task table verb instance without on'.split(
      ' ',
    ),
  )
  const metricsIn = (expr: string) =>
    [...expr.replace(/"[^"]*"|\[\w+\]|\bby \([^)]*\)|(?<=\{)[^}]*/g, ' ').matchAll(/[a-z][a-z_]+/g)]
      .map(([name]) => name)
      .filter((name) => !WORDS.has(name))

  it('name no metric that is not exported', () => {
    const named = expressions.flatMap(metricsIn)
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter((name) => !labels.has(name))).toEqual([])
  })

  it('name no label that the metric lacks, and no value that it never has', () => {
    let looked = 0
    for (const [, name = '', selectors = ''] of expressions.flatMap((expr) => [...expr.matchAll(/([a-z_]+)\{([^}]*)\}/g)])) {
      for (const [, label = '', operator, value = ''] of selectors.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)) {
        looked += 1
        expect([name, label, labels.get(name)?.has(label)]).toEqual([name, label, true])
        if (label === 'code' && value !== '') expect(Object.keys(ERROR_CODES)).toContain(value)
        const known = ['kind', 'state'].includes(label) ? value.split('|') : []
        for (const one of known) expect([operator, readme.includes(`\`${one}\``)]).toEqual([operator, true])
      }
    }
    expect(looked).toBeGreaterThan(10)
    for (const [, by = ''] of expressions.flatMap((expr) => [...expr.matchAll(/by \(([^)]*)\)/g)])) {
      const expr = expressions.find((text) => text.includes(`by (${by})`)) ?? ''
      for (const label of by.split(', ').filter((one) => one !== 'instance'))
        expect(metricsIn(expr).some((name) => labels.get(name)?.has(label))).toBe(true)
    }
  })

  it('show every metric of ours', () => {
    const named = new Set(shown.flatMap(metricsIn).map((name) => name.replace(/_(bucket|count|sum)$/, '')))
    const own = [...labels.keys()]
      .map((name) => name.replace(/_(bucket|count|sum)$/, ''))
      .filter((name) => !/^(nodejs|process)_/.test(name))
    expect([...new Set(own)].filter((name) => !named.has(name))).toEqual([])
  })

  it('say of each alert how bad it is, what it means and what to do', async () => {
    for (const rule of parse(await read('alerts.yml')).groups[0].rules)
      expect(rule).toMatchObject({
        labels: { severity: expect.stringMatching(/^(page|ticket)$/) },
        annotations: { summary: expect.stringMatching(/.{20}/), runbook: expect.stringMatching(/.{20}/) },
      })
  })
})

interface Replica {
  stop_grace_period: string
  environment: Record<string, string>
}

describe('what containers are told', () => {
  const documents = async (path: string) => parseAllDocuments(await read(path)).map((document) => document.toJS())
  const commandOf = (words: readonly string[]) => readCommand(words.slice(words.indexOf('node_modules/@org/api/bin/org-api.mjs') + 1))

  it('the image runs as nobody special, without npm in between, and is asked whether it lives', async () => {
    const dockerfile = await read('Dockerfile')
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
    expect(last).toMatch(/\nUSER [1-9]\d*:[1-9]\d*\n/)
    expect(last).toContain('NODE_ENV=production')
    expect(commandOf(JSON.parse(/\nCMD (\[.*\])/.exec(last)?.[1] ?? '[]'))).toEqual({ name: 'start' })
  })

  it('the health check of the image finds a living API healthy, and a stopped one not', async () => {
    const [program = '', ...args] = JSON.parse(/HEALTHCHECK[^\n]*\n\s+CMD (\[.*\])/.exec(await read('Dockerfile'))?.[1] ?? '[]') as string[]
    const api = await startTestApi()
    const ask = async () => {
      const child = spawn(program === 'node' ? process.execPath : program, args, { env: { ...process.env, PORT: String(api.api.port) } })
      return (await once(child, 'exit'))[0]
    }
    const alive = await ask()
    await api.stop()
    expect([alive, await ask()]).toEqual([0, 1])
  })

  it('compose starts three replicas once the schema is there, can replace each alone, and lets it finish', async () => {
    const { services } = parse(await read('compose.yml'), { merge: true })
    const replicas = Object.entries(services).flatMap(([name, service]) => (/^api-\d$/.test(name) ? [service as Replica] : []))
    expect(replicas).toHaveLength(3)
    for (const replica of replicas) {
      expect(replica).toMatchObject({
        read_only: true,
        networks: { default: { aliases: ['api'] } },
        depends_on: { migrate: { condition: 'service_completed_successfully' } },
      })
      expect(Number.parseInt(replica.stop_grace_period, 10)).toBeGreaterThan(20 + Number(replica.environment.SHUTDOWN_DELAY_SECONDS))
      for (const name of Object.keys(replica.environment)) expect(SETTINGS).toContain(name)
    }
    expect(commandOf(services.migrate.command)).toEqual({ name: 'migrate' })
  })

  it('its example of settings names settings, and those that production asks for', async () => {
    const names = [...(await read('settings.example')).matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name ?? '')
    for (const name of names) expect([...SETTINGS, 'POSTGRES_PASSWORD', 'API_VERSION']).toContain(name)
    const { services } = parse(await read('compose.yml'), { merge: true })
    const filled = Object.fromEntries(names.map((name) => [name, FILLED[name] ?? 'x'.repeat(20)]))
    const { POSTGRES_PASSWORD: password = '', API_VERSION: _version, ...env } = filled
    const { environment } = services['api-1']
    const database = environment.DATABASE_URL.replace(/\$\{[^}]*\}/, password)
    const config = loadConfig({ NODE_ENV: 'production', ...env, ...environment, DATABASE_URL: database })
    expect(config).toMatchObject({ production: true, migrateOnStart: false, trustProxy: 1 })
  })

  const FILLED: Readonly<Record<string, string>> = {
    JWKS_URL: 'https://sign-in.example.com/jwks.json',
    PUBLIC_URL: 'https://api.example.com',
    CORS_ORIGINS: 'https://app.example.com',
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
    TWILIO_FROM: '+15005550006',
  }

  it('nginx waits longer than the API takes, and closes idle connections before it', async () => {
    const conf = await read('nginx.conf')
    const seconds = (name: string) => Number(new RegExp(`\\b${name} (\\d+)s;`).exec(conf)?.[1])
    expect(seconds('proxy_read_timeout')).toBeGreaterThan(10 + 1.5)
    expect(seconds('keepalive_timeout')).toBeLessThan(Number(settingsSchema.parse({}).KEEP_ALIVE_SECONDS))
    expect(conf).toMatch(/proxy_next_upstream .*\bnon_idempotent\b/)
  })

  it('Kubernetes keeps two of three, asks where there are answers, and starts with its example of settings', async () => {
    const [deployment, budget, service] = await documents('kubernetes/api.yaml')
    const { template, replicas, strategy } = deployment.spec
    const [container] = template.spec.containers
    expect(replicas).toBe(3)
    expect(budget.spec.minAvailable).toBeLessThan(replicas)
    expect(strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 })
    expect(service.spec.selector).toEqual(template.metadata.labels)
    const [map, secret] = await documents('kubernetes/secret.example.yaml')
    const own = Object.fromEntries(container.env.map(({ name, value }: { name: string; value: string }) => [name, value]))
    const config = loadConfig({ NODE_ENV: 'production', ...map.data, ...secret.stringData, ...own })
    expect(config.shutdown.delayMs + config.shutdown.drainMs).toBeLessThan(template.spec.terminationGracePeriodSeconds * 1_000)
    expect(container.ports).toEqual([
      { name: 'http', containerPort: config.port },
      { name: 'metrics', containerPort: config.metrics.port },
    ])
    for (const probe of ['startupProbe', 'livenessProbe']) expect(container[probe].httpGet.path).toBe('/healthz')
    expect(container.readinessProbe.httpGet.path).toBe('/readyz')
    const [job] = await documents('kubernetes/migrate.yaml')
    expect(commandOf(job.spec.template.spec.containers[0].command)).toEqual({ name: 'migrate' })
  })
})
