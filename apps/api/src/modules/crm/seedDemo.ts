import { readFile } from 'node:fs/promises'
import type { Database } from '../../engine/database/Database.js'

/** Puts the demo's rows in (`supabase/seed.sql`). Rows that are there already stay as they are. */
export async function seedDemo(database: Database): Promise<void> {
  await database.script(await readFile(new URL('../../../supabase/seed.sql', import.meta.url), 'utf8'))
}
