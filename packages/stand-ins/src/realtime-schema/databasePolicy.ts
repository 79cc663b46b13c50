import { randomUUID } from 'node:crypto'
import type { ChannelPolicy, PolicyQuestion } from '../realtime-gateway/ChannelPolicy.js'

/** Runs one statement of the transaction and returns its rows. */
export type RunSql = (text: string, values: readonly (string | null)[]) => Promise<readonly Record<string, unknown>[]>

export interface PolicyDatabase {
  /** Opens a transaction as a role that may insert messages and become any role, runs `work`, and rolls it back. */
  rolledBack<T>(work: (run: RunSql) => Promise<T>): Promise<T>
}

/**
 * Asks the policies on `realtime.messages`, step by step as the real server does: a message of the channel is put in and
 * looked for as the caller (to read), or put in as the caller (to write); nothing of it stays.
 */
export function databasePolicy(database: PolicyDatabase): ChannelPolicy {
  return {
    mayRead: (question) =>
      database.rolledBack(async (run) => {
        const id = randomUUID()
        await run(`insert into realtime.messages (id, topic, extension) values ($1, $2, 'broadcast')`, [id, question.topic])
        await become(run, question)
        return (await run('select id from realtime.messages where id = $1', [id])).length > 0
      }),
    mayWrite: (question) =>
      database.rolledBack(async (run) => {
        await become(run, question)
        await run(`insert into realtime.messages (topic, extension) values ($1, 'broadcast')`, [question.topic])
        return true
      }),
  }
}

async function become(run: RunSql, { topic, claims }: PolicyQuestion): Promise<void> {
  const { role, sub } = claims
  await run(
    `select set_config('role', $1, true), set_config('realtime.topic', $2, true), set_config('request.jwt.claims', $3, true),
      set_config('request.jwt.claim.sub', $4, true), set_config('request.jwt.claim.role', $1, true), set_config('request.headers', '{}', true)`,
    [String(role), topic, JSON.stringify(claims), typeof sub === 'string' ? sub : ''],
  )
}
