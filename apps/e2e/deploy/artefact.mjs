import { join } from 'node:path'
import { startPostgres } from '@org/tooling/postgres'
import { judgeStart } from '../release/startTime.mjs'
import { bytesBelow, isWritable, orgApi, runIn } from './image.mjs'
import { Replicas } from './Replicas.mjs'
import { startRedis } from './redis.mjs'

/** What an image carries at most, in bytes. */
const MOST_BYTES = 80 * 1024 * 1024
/** The fastest of so many counts. */
const STARTS = 3

/** Settings as production has them; nothing of it is called at a start. */
const PRODUCTION = {
  JWKS_URL: 'https://sign-in.acme.com/jwks.json',
  JWT_ISSUER: 'https://sign-in.acme.com',
  PUBLIC_URL: 'https://api.acme.com',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: 'nobody',
  TWILIO_FROM: '+15005550006',
  LOG_HASH_KEY: 'at-least-16-characters',
}

/** What the image weighs, as whom it runs, how fast it starts, and whether its health check tells life from death. */
export async function checkArtefact(steps, image) {
  await steps.step('its node_modules weigh at most 80 MB', () => weigh(image))
  // Whoever is not root runs it as who they are.
  if (process.getuid?.() === 0)
    await steps.step('its user owns nothing in it, and may write nothing', () => {
      for (const path of ['', 'node_modules', image.recipe.command[1]])
        if (isWritable(image, join(image.folder, path))) throw new Error(`It may write ${path || 'its folder'}.`)
    })
  const postgres = await startPostgres()
  const redis = await startRedis(['--save', ''])
  try {
    const env = { ...PRODUCTION, DATABASE_URL: await postgres.createDatabase('start'), REDIS_URL: redis.url, MIGRATE_ON_START: 'false' }
    await steps.step('org-api migrate in it makes the schema', () => orgApi(image, ['migrate'], env))
    await steps.step('with production’s settings it is ready within 2 s, lives by its health check, and ends at SIGTERM', () =>
      live(image, env),
    )
  } finally {
    await redis.stop()
    await postgres.stop()
  }
}

function weigh({ folder }) {
  const bytes = bytesBelow(join(folder, 'node_modules'))
  console.log(`  node_modules: ${(bytes / 1024 / 1024).toFixed(1)} MB`)
  if (bytes > MOST_BYTES) throw new Error(`They weigh ${Math.round(bytes / 1024 / 1024)} MB.`)
}

async function live(image, env) {
  const replicas = await Replicas.plan(image, 1)
  const [port] = replicas.ports
  const health = async () => (await runIn(image, image.recipe.healthCheck, { PORT: String(port) })).code
  let fastest = { tookMs: Number.POSITIVE_INFINITY, cpuMs: null }
  try {
    for (let n = 0; n < STARTS; n += 1) {
      const tookMs = await replicas.start(0, env)
      if (tookMs < fastest.tookMs) fastest = { tookMs, cpuMs: replicas.cpuMs(0) }
      if (n === 0 && (await health()) !== 0) throw new Error('Its health check calls a living one ill.')
      await replicas.stop(0)
    }
    if ((await health()) === 0) throw new Error('Its health check calls a stopped one well.')
    judgeStart(fastest)
  } finally {
    await replicas.killAll()
  }
}
