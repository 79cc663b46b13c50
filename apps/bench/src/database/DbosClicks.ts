import { DBOS } from '@dbos-inc/dbos-sdk'
import { DrizzleDataSource } from '@dbos-inc/drizzle-datasource'
import { sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'

/** The effect of a click as DBOS Transact runs it once: a workflow named by the click's key, with one transaction of its data source. */
export class DbosClicks {
  readonly #workflow: (id: string) => Promise<unknown>

  private constructor(workflow: (id: string) => Promise<unknown>) {
    this.#workflow = workflow
  }

  /** Keeps what it knows in the database of the effect, as ours does. */
  static async start(url: string): Promise<DbosClicks> {
    const connection = { connectionString: url }
    await DrizzleDataSource.initializeDBOSSchema(connection)
    const source = new DrizzleDataSource<NodePgDatabase>('bench', connection)
    const contact = async (id: string) => {
      const { rows } = await source.client.execute(
        sql`update public.plain_leads set status = 'contacted', sync_version = sync_version + 1 where id = ${id} and org_id = 'org-1' returning id`,
      )
      return { success: true, lead: rows[0] }
    }
    const workflow = DBOS.registerWorkflow(
      (id: string) => source.runTransaction(() => contact(id), { name: 'contact', isolationLevel: 'read committed' }),
      { name: 'contact' },
    )
    DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, logLevel: 'error', runAdminServer: false })
    await DBOS.launch()
    return new DbosClicks(workflow)
  }

  async click(id: string, key: string): Promise<void> {
    const workflow = this.#workflow
    await DBOS.withNextWorkflowID(key, () => workflow(id))
  }

  stop(): Promise<void> {
    return DBOS.shutdown()
  }
}
