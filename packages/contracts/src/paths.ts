/** Paths of everything that is not an action. */
export const PATHS = {
  session: '/api/session',
  leads: '/api/leads',
  appointments: '/api/appointments',
  rows: (table: string) => `/api/rows/${table}`,
  smsHistory: (leadId: string) => `/api/leads/${encodeURIComponent(leadId)}/sms-history`,
  syncChanges: '/api/sync/changes',
  smsStatus: '/api/status/sms',
  mutation: (key: string) => `/api/mutations/${encodeURIComponent(key)}`,
  resolve: (key: string) => `/api/mutations/${encodeURIComponent(key)}/resolve`,
} as const
