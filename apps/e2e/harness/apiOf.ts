import { randomUUID } from 'node:crypto'
import type { AppointmentRow, LeadRow, SmsMessageView } from '@org/contracts'

export type UserName = 'ana' | 'ben' | 'eve'

/** One answer of the API; `body` is its exact text. */
export interface Answer {
  status: number
  body: string
  headers: Headers
}

/** The API as one user calls it, without the client's queue: for looking at the truth, and for misuse. */
export interface Api {
  get(path: string): Promise<Answer>
  /** @param key the idempotency key; null sends none. @default a new one */
  post(path: string, body: unknown, key?: string | null): Promise<Answer>
  leads(): Promise<LeadRow[]>
  lead(id: string): Promise<LeadRow>
  appointment(id: string): Promise<AppointmentRow>
  smsHistory(leadId: string): Promise<SmsMessageView[]>
}

/** Signs in at the demo and returns the API as that user sees it. */
export async function apiOf(url: string, user: UserName): Promise<Api> {
  const token = await tokenOf(url, user)
  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...init.headers }
    const response = await fetch(url + path, { ...init, headers })
    return { status: response.status, body: await response.text(), headers: response.headers }
  }
  const read = async <Body>(path: string): Promise<Body> => {
    const { status, body } = await send(path)
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${body}`)
    return JSON.parse(body) as Body
  }
  const api: Api = {
    get: (path) => send(path),
    post: (path, body, key = randomUUID()) =>
      send(path, { method: 'POST', body: JSON.stringify(body), headers: key === null ? {} : { 'Idempotency-Key': key } }),
    leads: async () => (await read<{ leads: LeadRow[] }>('/api/leads?limit=200')).leads,
    lead: async (id) => found(await api.leads(), id),
    appointment: async (id) => found((await read<{ appointments: AppointmentRow[] }>('/api/appointments?limit=200')).appointments, id),
    smsHistory: async (leadId) => (await read<{ sms_messages: SmsMessageView[] }>(`/api/leads/${leadId}/sms-history`)).sms_messages,
  }
  return api
}

/** What Twilio accepted. */
export async function acceptedMessages(url: string): Promise<{ sid: string; to: string; body: string; status: string }[]> {
  const response = await fetch(`${url}/_stand-ins/twilio/messages`)
  return ((await response.json()) as { messages: { sid: string; to: string; body: string; status: string }[] }).messages
}

/** Makes the stand-ins fail as told; without a plan, makes them work again. */
export async function setFaults(url: string, plan?: Record<string, unknown>): Promise<void> {
  const init = plan ? { method: 'PUT', body: JSON.stringify(plan), headers: { 'Content-Type': 'application/json' } } : { method: 'DELETE' }
  const response = await fetch(`${url}/_stand-ins/faults`, init)
  if (!response.ok) throw new Error(`The fault plan was refused: ${await response.text()}`)
}

async function tokenOf(url: string, user: UserName): Promise<string> {
  const init = { method: 'POST', body: JSON.stringify({ user }), headers: { 'Content-Type': 'application/json' } }
  const response = await fetch(`${url}/_stand-ins/token`, init)
  return ((await response.json()) as { access_token: string }).access_token
}

function found<Row extends { id: string }>(rows: readonly Row[], id: string): Row {
  const row = rows.find((candidate) => candidate.id === id)
  if (row === undefined) throw new Error(`There is no row ${id} among ${rows.map((candidate) => candidate.id).join(', ')}`)
  return row
}
