import { appointmentsPageSchema, leadsPageSchema, smsHistorySchema } from '../lists.js'
import { mutationStateSchema } from '../mutationState.js'
import { PATHS } from '../paths.js'
import { sessionSchema } from '../session.js'
import { smsServiceStatusSchema } from '../smsServiceStatus.js'
import { cursorGoneSchema, syncChangesPageSchema } from '../syncChanges.js'
import { answer, type JsonObject, type SchemaOf } from './actionOperation.js'

const REFUSED = answer('Not signed in.', { $ref: '#/components/schemas/Error' })
const MISSING = answer('It does not exist, or is another organisation’s.', { $ref: '#/components/schemas/Error' })

const query = (name: string, description: string, schema: JsonObject = { type: 'string' }) => ({ name, in: 'query', description, schema })
const PAGE = [
  query('limit', 'Rows of one page.', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
  query('cursor', '`nextCursor` of the page before.'),
]
const ROWS_PAGE: JsonObject = {
  type: 'object',
  properties: { rows: { type: 'array', items: { type: 'object' } }, nextCursor: { type: ['string', 'null'] } },
  required: ['rows', 'nextCursor'],
}
const pathParameter = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } })

/** Reads of whatever is deployed: what is there because something of that kind is. */
export function moduleReads(schemaOf: SchemaOf): JsonObject {
  return {
    [PATHS.leads]: { get: read('listLeads', 'Leads in order of id', schemaOf(leadsPageSchema), { parameters: PAGE }) },
    [PATHS.appointments]: {
      get: read('listAppointments', 'Appointments in order of id', schemaOf(appointmentsPageSchema), { parameters: PAGE }),
    },
    '/api/leads/{leadId}/sms-history': {
      get: read('smsHistory', 'SMS of a lead, newest first', schemaOf(smsHistorySchema), {
        parameters: [pathParameter('leadId')],
        responses: { 404: MISSING },
      }),
    },
    [PATHS.smsStatus]: { get: read('smsStatus', 'Whether SMS go through right now', schemaOf(smsServiceStatusSchema)) },
  }
}

/** Reads that every deployment has. */
export function engineReads(schemaOf: SchemaOf): JsonObject {
  const key = [pathParameter('key')]
  return {
    [PATHS.session]: { get: read('session', 'Who is calling', schemaOf(sessionSchema)) },
    [PATHS.rows('{table}')]: {
      get: read('listRows', 'Rows of a tracked table in order of id', ROWS_PAGE, {
        parameters: [pathParameter('table'), ...PAGE],
        responses: { 404: MISSING },
      }),
    },
    [PATHS.syncChanges]: {
      get: read('syncChanges', 'Row changes since a cursor; without one, a first cursor', schemaOf(syncChangesPageSchema), {
        parameters: [query('since', '`next` of the answer before.')],
        responses: { 410: answer('CURSOR_GONE: read all rows again.', schemaOf(cursorGoneSchema)) },
      }),
    },
    '/api/mutations/{key}': {
      get: read('lookUpMutation', 'What stands for a key of one’s own', schemaOf(mutationStateSchema), {
        parameters: key,
        responses: {
          404: answer('The ledger does not know it, which does not mean that it was never sent.', { $ref: '#/components/schemas/Error' }),
        },
      }),
    },
    '/api/mutations/{key}/resolve': {
      post: read('resolveMutation', 'Abandon a key, or learn what stands for it', schemaOf(mutationStateSchema), {
        parameters: key,
        responses: { 409: answer('IDEMPOTENCY_IN_PROGRESS: ask again.', { $ref: '#/components/schemas/Error' }) },
      }),
    },
  }
}

function read(
  operationId: string,
  summary: string,
  schema: JsonObject,
  { parameters = [], responses = {} }: { parameters?: readonly JsonObject[]; responses?: JsonObject } = {},
): JsonObject {
  return { operationId, summary, tags: ['Reads'], parameters, responses: { 200: answer(summary, schema), 401: REFUSED, ...responses } }
}
