import type { leadColumns } from './documentedRows.js'
import type { Row } from './Row.js'

export type LeadRow = Row<typeof leadColumns, 'leads'>

/** What a component sees of a lead: the row and the names the integration guide uses. */
export type LeadView = LeadRow & { firstName: string; updatedBy: string | null }

/**
 * Adds the guide's names to a lead row.
 * @param resolveUser display name of a user id; the id itself is shown when it is absent or returns undefined
 */
export function toLeadView(row: LeadRow, resolveUser?: (userId: string) => string | undefined): LeadView {
  const author = row.updated_by
  return {
    ...row,
    firstName:
      String(row.name ?? '')
        .trim()
        .split(/\s+/)[0] ?? '',
    updatedBy: author == null ? null : (resolveUser?.(author) ?? author),
  }
}
