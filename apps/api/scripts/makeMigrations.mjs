#!/usr/bin/env node
/**
 * Makes the first set of migrations from `sql/`, one file an owner (the engine, and each module). Only until the
 * packages are published: from then on a change of `sql/` comes with a migration written by hand, and a test
 * holds both equal.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FIRST_VERSION = 20261129090000
const sql = (path) => fileURLToPath(new URL(`../sql/${path}`, import.meta.url))
const order = JSON.parse(readFileSync(sql('order.json'), 'utf8'))

for (const [index, [owner, files]] of Object.entries(order).entries()) {
  const version = FIRST_VERSION + index * 100
  const parts = files.map((file) => `-- sql/${file}\n\n${readFileSync(sql(file), 'utf8').trim()}`)
  const name = `${version}_${owner}_create.sql`
  writeFileSync(
    fileURLToPath(new URL(`../supabase/migrations/${name}`, import.meta.url)),
    sealed(`\n${parts.join('\n\n')}\n\n${tail(owner, version)}`),
  )
  process.stdout.write(`${name}\n`)
}

/** By its first line a copy in somebody's project shows whether it was changed there. */
function sealed(text) {
  const seal = createHash('sha256').update(text).digest('hex')
  return `-- Made by scripts/makeMigrations.mjs from sql/; change it there. Seal: ${seal}\n${text}`
}

function tail(owner, version) {
  const name = owner === 'engine' ? 'schema_version' : `${owner}_schema_version`
  return `-- What stands here now, and the oldest code that may run on it: the newest version that code must know.
create or replace function sync.${name}() returns jsonb
language sql immutable
return jsonb_build_object('version', '${version}', 'oldestCode', '${version}');
call sync.close_inside();
`
}
