import { judge } from './judge.mjs'
import { clickAlone } from './People.mjs'

/**
 * Each breaks one promise on purpose; a checker that does not see it proves nothing.
 * @type {{ name: string, finds: 'failed' | 'lost' | 'doubled', commit: (hand: Hand) => Promise<import('./People.mjs').Click> }[]}
 */
export const SABOTAGES = [
  {
    name: 'a click that was refused',
    finds: 'failed',
    commit: ({ click }) => click({ row: 'nobody' }),
  },
  {
    name: 'a click that was answered and never carried out',
    finds: 'lost',
    commit: ({ click }) => click({ fetch: answerWithoutServer }),
  },
  {
    name: 'a click that the ledger forgot, and that came again',
    finds: 'doubled',
    commit: async ({ click, rehearsal }) => {
      let again
      const first = await click({
        fetch: (url, init) => {
          if (init.method === 'POST') again = () => fetch(url, { ...init, signal: null })
          return fetch(url, init)
        },
      })
      await rehearsal.witness.query(`update public.leads set status = 'new' where id = $1`, [first.row])
      await rehearsal.witness.query('delete from sync.ledger where key = $1', [first.key])
      await rehearsal.redis.restart(0)
      const answer = await again()
      if (!answer.ok) throw new Error(`Its second coming was refused: ${answer.status} ${await answer.text()}`)
      return first
    },
  },
]

/**
 * What a saboteur may use.
 * @typedef {object} Hand
 * @property {import('./Rehearsal.mjs').Rehearsal} rehearsal
 * @property {(options: { row?: string, fetch?: typeof fetch }) => Promise<import('./People.mjs').Click>} click one person's click, settled
 */

/**
 * Commits a sabotage and looks whether the checker sees that, and nothing else.
 * @throws {Error} when it does not
 */
export async function mustBeSeen({ commit, finds }, rehearsal, aFreshRow) {
  const click = ({ row = aFreshRow(), fetch }) => clickAlone(rehearsal, { kind: 'status', row, fetch })
  const made = await commit({ rehearsal, click })
  const verdict = judge([made], await rehearsal.witness.effectsOf([made]))
  const found = ['failed', 'lost', 'doubled'].filter((kind) => verdict[kind].length > 0)
  if (found.join() !== finds)
    throw new Error(`It should have been seen as ${finds}, and was seen as ${found.join() || 'right'}: ${JSON.stringify(made)}`)
}

/** A proxy that says yes to every change of a status, and asks nobody. */
async function answerWithoutServer(url, init) {
  if (init.method !== 'POST') return fetch(url, init)
  const { leadId, status } = JSON.parse(init.body)
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': new Headers(init.headers).get('idempotency-key') }
  return new Response(JSON.stringify({ success: true, lead: { id: leadId, status, version: 2 } }), { headers })
}
