// One constant each, so that a page holds the paths it asks alone.

export const session = '/api/session'
export const leads = '/api/leads'
export const appointments = '/api/appointments'
export const rows = (table: string) => `/api/rows/${table}`
export const smsHistory = (leadId: string) => `/api/leads/${encodeURIComponent(leadId)}/sms-history`
export const syncChanges = '/api/sync/changes'
export const smsStatus = '/api/status/sms'
export const mutation = (key: string) => `/api/mutations/${encodeURIComponent(key)}`
export const resolve = (key: string) => `/api/mutations/${encodeURIComponent(key)}/resolve`
