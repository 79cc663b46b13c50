import { type ActionRoute, actionRoute, answer, type Database, inLedger, refuse, reject } from '@org/api'
import { and, eq, sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { dealApprove } from '../shared/dealApprove.js'
import { accounts, deals } from './tables.js'
import { withDrizzle } from './withDrizzle.js'

/** The effect of `deal.approve`, in a transaction of the app's own Drizzle. */
export function approveDeal(database: Database, db: NodePgDatabase): ActionRoute {
  return actionRoute(
    dealApprove,
    inLedger(
      database,
      async ({ tx, call: { caller }, request }) => {
        const theirs = and(eq(deals.id, request.dealId), eq(deals.accountId, caller.tenant))
        const [deal] = await tx.select().from(deals).where(theirs).for('update')
        if (deal === undefined) return refuse('NOT_FOUND')
        if (deal.stage === 'approved') return reject('ALREADY_APPROVED')
        const [account] = await tx
          .select({ isEnough: sql<boolean>`${accounts.creditLimit} >= ${deal.amount}` })
          .from(accounts)
          .where(eq(accounts.id, caller.tenant))
        if (!account?.isEnough) return reject('CREDIT_LIMIT')
        const [approved] = await tx
          .update(deals)
          .set({ stage: 'approved', approvedBy: caller.actor })
          .where(theirs)
          .returning({ row: sql`sync.row_json(deals)` })
        return answer({ deal: approved?.row })
      },
      { transaction: withDrizzle(db) },
    ),
  )
}
