import type { AnyAction } from '../actions/defineAction.js'
import type { ErrorCodeEntry } from '../errorCodes.js'
import { HEADERS } from '../headers.js'
import type { StandardSchema } from '../StandardSchema.js'

export interface JsonObject {
  [name: string]: unknown
}

/** Turns a schema into JSON Schema. */
export type SchemaOf = (schema: StandardSchema<unknown, unknown>) => JsonObject

export interface ActionOperationOptions {
  path: string
  /** The actions that share this path; the body decides between them. */
  actions: readonly AnyAction[]
  /** By their codes. */
  refusals: Readonly<Record<string, ErrorCodeEntry>>
  schemaOf: SchemaOf
}

const CLOCK_HEADERS = [
  [HEADERS.mutationCreatedAt, 'Client clock at the click, epoch milliseconds.'],
  [HEADERS.mutationSentAt, 'Client clock at sending, epoch milliseconds.'],
  [HEADERS.mutationExpiresAfter, 'Milliseconds after which the click is not carried out any more; lowers the action’s own limit.'],
] as const

/** The request headers of an action, as reusable parameters. */
export function actionHeaders(): JsonObject {
  const milliseconds = { type: 'integer', minimum: 0 }
  return {
    [HEADERS.idempotencyKey]: {
      name: HEADERS.idempotencyKey,
      in: 'header',
      schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{20,128}$' },
      description: 'Identity of the click, for example a UUID. Every answer echoes it.',
    },
    [HEADERS.mutationActor]: {
      name: HEADERS.mutationActor,
      in: 'header',
      schema: { type: 'string' },
      description: 'Who clicked. Another user than the token’s is refused with ACTOR_MISMATCH.',
    },
    ...Object.fromEntries(CLOCK_HEADERS.map(([name, description]) => [name, { name, in: 'header', schema: milliseconds, description }])),
  }
}

/** The POST operation of one path. */
export function actionOperation({ path, actions, refusals, schemaOf }: ActionOperationOptions): JsonObject {
  const params = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')
  return {
    operationId: [...actions.map(({ name }) => name), ...params].join('-'),
    summary: actions.map(({ name }) => name).join(' or '),
    tags: ['Actions'],
    parameters: [
      ...params.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1, maxLength: 128 } })),
      keyParameter(actions.some(({ keyRequired }) => keyRequired)),
      ...[HEADERS.mutationActor, ...CLOCK_HEADERS.map(([name]) => name)].map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: anyOf(actions.map(({ requestSchema }) => withoutParams(schemaOf(requestSchema), params))) },
      },
    },
    responses: {
      200: answer('Carried out, now or by an earlier arrival of the key.', anyOf(actions.map((action) => schemaOf(action.responseSchema)))),
      ...refusalResponses(refusals),
    },
  }
}

function keyParameter(required: boolean): JsonObject {
  const $ref = `#/components/parameters/${HEADERS.idempotencyKey}`
  if (!required) return { $ref }
  return { ...(actionHeaders()[HEADERS.idempotencyKey] as JsonObject), required: true }
}

// What the address says need not be said again in the body.
function withoutParams(schema: JsonObject, params: readonly string[]): JsonObject {
  const required = Array.isArray(schema.required) ? schema.required.filter((name) => !params.includes(String(name))) : undefined
  return required === undefined ? schema : { ...schema, required }
}

function refusalResponses(refusals: Readonly<Record<string, ErrorCodeEntry>>): JsonObject {
  const byStatus = new Map<number, string[]>()
  for (const [code, { status }] of Object.entries(refusals)) byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, sharing]) => [status, answer(sharing.join(', '), { $ref: '#/components/schemas/Error' })]),
  )
}

/** One response with a JSON body. */
export function answer(description: string, schema: JsonObject): JsonObject {
  return { description, content: { 'application/json': { schema } } }
}

function anyOf(schemas: readonly JsonObject[]): JsonObject {
  return schemas.length === 1 && schemas[0] !== undefined ? schemas[0] : { anyOf: schemas }
}
