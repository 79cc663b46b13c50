import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@org/tooling/loopback'
import { startPostgres } from '@org/tooling/postgres'
import pg from 'pg'
import { startRedis } from './redis.mjs'

const PAGE = fileURLToPath(new URL('../../docs/backend/deploy.md', import.meta.url))
const SECTION = /^## Three replicas without containers\n([\s\S]*?)^## /m
/** What a reader fills in. Nobody signs in here: who does is for an identity provider to say. */
const FILLED_IN = `JWKS_URL=https://sign-in.acme.com/jwks.json
JWT_ISSUER=https://sign-in.acme.com
PUBLIC_URL=https://api.acme.com
LOG_HASH_KEY=at-least-16-characters
MODULES=bookings,leads,crm
`
/** What `org-api check` must find in order; key set and address are of a provider and a domain that nobody has. */
const GOOD = ['settings', 'database', 'schema', 'role', 'redis']

/**
 * Follows the page's section word by word, from an empty folder to an answer through nginx. Other than printed are addresses,
 * the packed packages in place of a registry's, and the files that nginx writes.
 */
export async function deployByThePage(steps, { folder, tarballs, nginx }) {
  const postgres = await startPostgres()
  const redis = await startRedis(['--save', ''])
  try {
    const ports = { nginx: await freePort(), replicas: [await freePort(), await freePort(), await freePort()] }
    await steps.step('a reader deploys three replicas without containers with the page alone', async () => {
      const { sql, shell } = readSection()
      await asSuperuser(postgres.port, sql)
      mkdirSync(folder, { recursive: true })
      const said = await runInBash(withAddresses(shell, { postgres, redis, ports, tarballs, nginx, folder }), folder)
      for (const part of GOOD) if (!new RegExp(`^good +${part} `, 'm').test(said)) throw new Error(`check says:\n${said.slice(-4_000)}`)
      if (!said.includes('{"status":"ok"}')) throw new Error(`nginx answers otherwise:\n${said.slice(-4_000)}`)
    })
  } finally {
    await redis.stop()
    await postgres.stop()
  }
}

/** The statements, and the commands in their order; starting is done as the page says for who has no systemd. */
function readSection() {
  const text = SECTION.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? ''
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }))
  const start = /`(for port in [^`]*)`/.exec(text)?.[1]
  if (start === undefined) throw new Error('The page says no more how to start without systemd.')
  const shell = blocks.filter(({ language }) => language === 'sh').map(({ code }) => (code.startsWith('systemctl') ? `${start}\n` : code))
  return { sql: blocks.find(({ language }) => language === 'sql')?.code ?? '', shell }
}

async function asSuperuser(port, sql) {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password: 'password', database: 'postgres' })
  await client.connect()
  // One by one: a database is made outside of a transaction.
  for (const statement of sql.split(';').filter((one) => one.trim() !== '')) await client.query(statement)
  await client.end()
}

/**
 * @param {string[]} shell
 * @throws {Error} when the page no longer says one of them in the expected words
 */
function withAddresses(shell, { postgres, redis, ports, tarballs, nginx, folder }) {
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join(' ')
  const ready = 'until curl --silent --fail http://127.0.0.1:$port/readyz; do sleep 0.1; done'
  const untilReady = `for port in ${ports.replicas.join(' ')}; do ${ready}; done`.replaceAll('$', '$$$$')
  const settings = [
    [/@org\/api twilio/, `${tarballs.contracts} ${tarballs.api} twilio`],
    [/127\.0\.0\.1:5432/, `127.0.0.1:${postgres.port}`],
    [/127\.0\.0\.1:6379/, `127.0.0.1:${redis.url.split(':').at(-1)}`],
    [/^END$/m, `${FILLED_IN}END`],
    [/org-api check/, 'org-api check || true'],
    [/4001 4002 4003/g, ports.replicas.join(' ')],
    // As whoever starts what ends by itself with them.
    [/^(for port in .*) & done$/m, `trap 'kill $(jobs -p); wait' EXIT\n$1 > /dev/null & done\n${untilReady}`],
    [/\/var\/log\/nginx\/access\.log/, join(folder, 'access.log')],
    [/ > nginx\.conf/, ` | sed -e 's/listen 8080/listen 127.0.0.1:${ports.nginx}/' -e 's#http {#http { ${own}#' > nginx.conf`],
    [/nginx (-t )?-c (\S+)/g, `${nginx} $1-e ${join(folder, 'error.log')} -g 'pid ${join(folder, 'nginx.pid')};' -c $2`],
    [/127\.0\.0\.1:8080/, `127.0.0.1:${ports.nginx}`],
  ]
  const text = settings.reduce((all, [pattern, replacement]) => {
    if (!all.some((part) => new RegExp(pattern.source, pattern.flags.replace('g', '')).test(part)))
      throw new Error(`The page says nothing like ${pattern}.`)
    return all.map((part) => part.replace(pattern, replacement))
  }, shell)
  return `${text.join('\n')}\nkill $(cat ${join(folder, 'nginx.pid')})\n`
}

/** As somebody types it: with aliases, to the first command that fails. */
async function runInBash(text, cwd) {
  const child = spawn('bash', ['-c', `shopt -s expand_aliases\nset -e -o pipefail\n${text}`], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
    })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`It ended with ${code}:\n${said.slice(-4_000)}`)
  return said
}
