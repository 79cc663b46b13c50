import { answer, type Database, inLedger } from '@org/api'
import type { IdempotencyKey } from '@org/contracts'
import type pg from 'pg'
import type { DbosClicks } from './DbosClicks.js'
import { inTurns } from './timed.js'

const ROUNDS = 30
const CALLS = 25
const WARM_UP = 500
const DAY_MS = 24 * 60 * 60 * 1_000

const EFFECT = `update public.plain_leads set status = 'contacted', sync_version = sync_version + 1 where id = $1 and org_id = 'org-1' returning id`

export const EFFECT_TABLES = `
  create table public.plain_leads (like public.leads including indexes including defaults including constraints) with (fillfactor = 80);
  insert into public.plain_leads select * from public.leads;
  create table public.naive_keys (key text primary key, answer text)`

/** Who takes part. Each has a connection of its own: one that two share is warm twice as often as the others'. */
export interface EffectContestants {
  bareSession: pg.Client
  naiveSession: pg.Client
  database: Database
  dbosClicks: DbosClicks
}

/**
 * An effect in TypeScript with its claim and its recorded answer, beside the same effect in a bare transaction, beside a
 * table of unique keys as one would write it in an afternoon, and beside DBOS Transact, in turns. Medians in µs.
 */
export async function measureEffect({ bareSession, naiveSession, database, dbosClicks }: EffectContestants) {
  const run = inLedger<{ id: string }>(database, async ({ tx, request }) => {
    const [lead] = await tx.query(EFFECT, [request.id])
    return answer({ lead })
  })
  const contestants = {
    bare: (nth: number) => inTransaction(bareSession, () => bareSession.query(EFFECT, [`lead-${nth}`])),
    naive: (nth: number, key: IdempotencyKey) => inTransaction(naiveSession, () => withNaiveKey(naiveSession, { id: `lead-${nth}`, key })),
    ledger: (nth: number, key: IdempotencyKey) => run(aCall(`lead-${nth}`, key)),
    dbos: (nth: number, key: IdempotencyKey) => dbosClicks.click(`lead-${nth}`, key),
  }
  const { bare, naive, ledger, dbos } = await inTurns(contestants, { rounds: ROUNDS, calls: CALLS, warmUp: WARM_UP })
  const ofLedger = { ledgerUs: ledger.us, ratio: ledger.ratio, between: ledger.between }
  const ofOthers = { naiveRatio: naive.ratio, dbosRatio: dbos.ratio, dbosBetween: dbos.between }
  return { calls: ROUNDS * CALLS, bareUs: bare.us, naiveUs: naive.us, dbosUs: dbos.us, ...ofLedger, ...ofOthers }
}

async function inTransaction(session: pg.Client, work: () => Promise<unknown>): Promise<void> {
  await session.query('begin')
  await work()
  await session.query('commit')
}

async function withNaiveKey(session: pg.Client, { id, key }: { id: string; key: IdempotencyKey }): Promise<void> {
  await session.query('insert into public.naive_keys (key) values ($1)', [key])
  const { rows } = await session.query(EFFECT, [id])
  await session.query('update public.naive_keys set answer = $2 where key = $1', [key, JSON.stringify({ success: true, lead: rows[0] })])
}

function aCall(id: string, key: IdempotencyKey) {
  return {
    caller: { actor: 'user-456', tenant: 'org-1' },
    actionName: 'lead.contact',
    key,
    fingerprint: `v1:${'0'.repeat(64)}`,
    request: { id },
    ageMs: 0,
    createdAtMs: Date.now(),
    ttlMs: DAY_MS,
  }
}
