import type { Database } from '@org/api'
import type { ChannelPolicy } from '@org/stand-ins'

/**
 * Who may join a private channel: what the policy on `realtime.messages` asks, asked here without that table. Nobody but
 * the database speaks.
 */
export function channelPolicy(database: Pick<Database, 'query'>): ChannelPolicy {
  return {
    async mayRead({ topic, claims }) {
      if (claims.role !== 'authenticated') return claims.role === 'service_role'
      const [row] = await database.query<{ may: boolean }>(
        `with caller as materialized (select set_config('request.jwt.claims', $2, true))
         select sync.may_hear($1) as may from caller`,
        [topic, JSON.stringify(claims)],
      )
      return row?.may === true
    },
    mayWrite: async ({ claims }) => claims.role === 'service_role',
  }
}
