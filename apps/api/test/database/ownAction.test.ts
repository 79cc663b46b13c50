import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { syncChanges } from '../../src/engine/changes/syncChanges.js'
import type { Database } from '../../src/engine/database/Database.js'
import { runAction } from '../../src/engine/ledger/runAction.js'
import { ANA, anActionCall, EVE } from '../../src/engine/ledger/testing/anActionCall.js'
import { openTestDatabase } from '../../src/engine/migrations/testing/openTestDatabase.js'

// What a team writes to get an action of its own: a table, what clients see of it, and the effect. The rest (claim,
// replay, expiry, versions, change log) is there already.
const PROPOSALS = `
  create table public.proposals (
    id text collate "C" primary key,
    org_id text collate "C" not null,
    sent_at timestamptz
  );
  call sync.track_table('public.proposals', p_columns => '{sent_at}');

  create function sync.send_proposal(p_call sync.action_call, p_request jsonb) returns sync.outcome language plpgsql volatile
  as $$
  declare
    v_row public.proposals;
  begin
    select * into v_row from public.proposals p where p.id = p_request ->> 'proposalId' and p.org_id = p_call.tenant for no key update;
    if not found then
      perform sync.refuse('NOT_FOUND');
    end if;
    if v_row.sent_at is not null then
      return sync.reject('STATUS_FINAL', jsonb_build_object('error', 'Proposal was sent already', 'proposal', sync.row_json(v_row)));
    end if;
    update public.proposals p set sent_at = now() where p.id = v_row.id returning * into v_row;
    return row(200, jsonb_build_object('success', true, 'proposal', sync.row_json(v_row))::text, null)::sync.outcome;
  end
  $$;
  call sync.define_action('send_proposal');

  insert into public.proposals (id, org_id) values ('proposal-1', 'org-1'), ('proposal-2', 'org-1');
`

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await database.script(PROPOSALS)
})

afterAll(() => database.close())

const send = (proposalId: string, fields = {}) => {
  const call = anActionCall({ proposalId }, fields)
  return { call, run: () => runAction(database, { effect: 'send_proposal', call }) }
}

describe('an action of a team’s own', () => {
  test('takes effect once and replays its answer', async () => {
    const { run, call } = send('proposal-1')
    const first = await run()
    expect(JSON.parse(first.body)).toMatchObject({
      success: true,
      proposal: { version: 2, updated_by: ANA.actor, last_mutation_key: call.key },
    })
    expect(await run()).toEqual({ ...first, replayed: true })
    expect(JSON.parse((await send('proposal-1').run()).body)).toMatchObject({ code: 'STATUS_FINAL', error: 'Proposal was sent already' })
  })

  test('is in the change log, for its organisation alone', async () => {
    const cursors = await Promise.all([ANA, EVE].map((caller) => syncChanges(database, { caller, since: null, limit: 1 })))
    const [ana, eve] = cursors.map((result) => (result.kind === 'page' ? result.page.next : ''))
    await send('proposal-2').run()
    expect(await syncChanges(database, { caller: ANA, since: ana ?? '', limit: 9 })).toMatchObject({
      page: { changes: [{ table: 'proposals', eventType: 'UPDATE', version: 2, new: { id: 'proposal-2' } }] },
    })
    expect(await syncChanges(database, { caller: EVE, since: eve ?? '', limit: 9 })).toMatchObject({ page: { changes: [] } })
  })

  test('expires and is closed to others as the built-in ones are', async () => {
    expect(await send('proposal-2', { ageMs: 60_001 }).run()).toMatchObject({ status: 410, recorded: true })
    expect(await send('proposal-2', { caller: EVE }).run()).toMatchObject({ status: 404, recorded: false })
  })
})
