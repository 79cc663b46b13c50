import { expect, it } from '@jest/globals'
import { readMigrations } from './readMigrations.js'
import { transactionCommand } from './transactionCommand.js'

it.each([
  ['begin; create table a (id int); commit;', 'begin'],
  ['create table a (id int);\n-- done\nCOMMIT', 'COMMIT'],
  ['select 1; /* undo */ rollback', 'rollback'],
  ['start  transaction; select 1', 'start  transaction'],
  [`select 'a;b'; begin work`, 'begin'],
  [`select e'it\\'s'; commit and chain`, 'commit'],
])('finds the command in %j', (sql, command) => {
  expect(transactionCommand(sql)).toBe(command)
})

it.each([
  'create function f() returns int language plpgsql as $$ begin return 1; commit; end $$',
  'create procedure p() language plpgsql as $body$ begin; $$ commit; $$ commit; end $body$',
  'create function f() returns int language sql begin atomic select 1; select 2; end',
  `insert into t values ('; commit;'), (e'\\'; commit;')`,
  '-- commit;\nselect 1; /* begin;\ncommit; */ select 2',
  'alter table "t; commit; " add column beginning int',
  'create table begin_again (id int)',
  'savepoint a; select 1; rollback to a; rollback work to savepoint a; release a',
  '',
])('finds none in %j', (sql) => {
  expect(transactionCommand(sql)).toBeNull()
})

it('finds none in ours', async () => {
  for (const { name, sql } of await readMigrations()) expect([name, transactionCommand(sql)]).toEqual([name, null])
})
