import { setTimeout as wait } from 'node:timers/promises'
import { nextImage, orgApi } from './image.mjs'

/** How long a service is away. Milliseconds. */
const AWAY_MS = 1_000

/** What the next release's schema looks like: it grows by a column, and code of today may run on it. */
const NEXT_MIGRATION = {
  file: '20990101000000_engine_next.sql',
  sql: `alter table sync.ledger add column next_release text;
create or replace function sync.schema_version() returns jsonb
language sql immutable
return jsonb_build_object('version', '20990101000000', 'oldestCode', '20261129090000');
call sync.close_inside();
`,
}

/**
 * What happens to deployments, one after another, while people click.
 * @type {{ name: string, run: (rehearsal: import('./Rehearsal.mjs').Rehearsal, context: { image: import('./image.mjs').Image, folder: string }) => Promise<void> }[]}
 */
export const TROUBLES = [
  { name: 'nothing happens', run: () => wait(6_000) },
  { name: 'a rolling restart (SIGTERM, one by one)', run: (rehearsal) => rehearsal.roll() },
  {
    name: 'kill -9 of a replica',
    run: async ({ replicas, env }) => {
      await replicas.kill(1)
      await wait(AWAY_MS)
      await replicas.start(1, env)
    },
  },
  {
    name: 'all replicas restart at once',
    run: async ({ replicas, env }) => {
      const all = replicas.ports.map((_port, index) => index)
      await Promise.all(all.map((index) => replicas.stop(index)))
      await Promise.all(all.map((index) => replicas.start(index, env)))
    },
  },
  { name: 'Redis restarts, and has lost everything', run: ({ redis }) => redis.restart(AWAY_MS) },
  {
    name: 'Postgres restarts',
    run: async ({ postgres }) => {
      await postgres.halt()
      await wait(AWAY_MS)
      await postgres.start()
    },
  },
  {
    name: 'Postgres crashes and recovers',
    run: async ({ postgres }) => {
      await postgres.crash()
      await postgres.start()
    },
  },
  {
    name: 'a release with a migration rolls out',
    run: async (rehearsal, { image, folder }) => {
      const next = nextImage(image, folder, NEXT_MIGRATION)
      const said = await orgApi(next, ['migrate'], rehearsal.env)
      if (!said.includes('engine_next')) throw new Error(`The migration was not applied: ${said}`)
      rehearsal.replicas.deploy(next)
      await rehearsal.roll()
    },
  },
  {
    name: 'it is rolled back over its migration',
    run: async (rehearsal, { image }) => {
      rehearsal.replicas.deploy(image)
      await rehearsal.roll()
    },
  },
]
