import { toJSONSchema } from 'zod'
import { LEDGER_CODES } from './actions/commonCodes.js'
import type { AnyAction } from './actions/defineAction.js'
import { errorBodySchema } from './errorBodySchema.js'
import { ERROR_CODES, type ErrorCode, type ErrorCodeEntry } from './errorCodes.js'
import { HEADERS } from './headers.js'
import { actionHeaders, actionOperation, type JsonObject } from './openapi/actionOperation.js'
import { engineReads, moduleReads } from './openapi/readOperations.js'
import type { StandardSchema } from './StandardSchema.js'

/** An action and the paths beside its own at which the API takes it. */
export interface DocumentedAction {
  action: AnyAction
  otherPaths?: readonly string[] | undefined
}

export interface OpenApiOptions {
  actions: readonly DocumentedAction[]
  /** Paths of the reads that depend on what is deployed, parameters in braces. @default all that there are */
  reads?: readonly string[]
  /** Version of the API. @default '1.0.0' */
  version?: string
}

/** An OpenAPI 3.1 document of the API, made from the schemas that the API checks with. */
export function createOpenApi({ actions, reads = Object.keys(moduleReads(schemaOf)), version = '1.0.0' }: OpenApiOptions): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Critical buttons API',
      version,
      description:
        'Actions take effect exactly once per Idempotency-Key within the stated retention. The same key gets the same bytes again; a key whose outcome nobody recorded is told so.',
    },
    security: [{ bearer: [] }, { session: [] }],
    paths: { ...actionPaths(actions), ...engineReads(schemaOf), ...chosen(moduleReads(schemaOf), reads) },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'cookie', name: 'session', description: 'Writes only from the same or a listed origin.' },
      },
      schemas: { Error: schemaOf(errorBodySchema), ErrorCode: { type: 'string', enum: codesOf(actions) } },
      parameters: actionHeaders(),
      headers: { [HEADERS.retryAfter]: { schema: { type: 'integer' }, description: 'Seconds until the same request may succeed.' } },
    },
  }
}

function chosen(operations: JsonObject, paths: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(operations).filter(([path]) => paths.includes(path)))
}

function actionPaths(actions: readonly DocumentedAction[]): JsonObject {
  const byPath = new Map<string, AnyAction[]>()
  for (const { action, otherPaths = [] } of actions) {
    for (const path of [action.path, ...otherPaths]) byPath.set(path, [...(byPath.get(path) ?? []), action])
  }
  return Object.fromEntries(
    [...byPath].map(([path, sharing]) => [
      path.replaceAll(/:(\w+)/g, '{$1}'),
      { post: actionOperation({ path, actions: sharing, schemaOf, refusals: refusalsOf(sharing) }) },
    ]),
  )
}

function refusalsOf(actions: readonly AnyAction[]): Readonly<Record<string, ErrorCodeEntry>> {
  const common: readonly ErrorCode[] = [...LEDGER_CODES, ...actions.flatMap(({ refusals }) => refusals)]
  return Object.assign(Object.fromEntries(common.map((code) => [code, ERROR_CODES[code]])), ...actions.map(({ errorCodes }) => errorCodes))
}

interface WithJsonSchema {
  readonly '~standard': { readonly jsonSchema?: { input(options: { target: string }): JsonObject } }
}

// zod itself knows what to do where JSON Schema has no words; other libraries are asked in the way all of them share, and
// one that cannot tell is documented as "anything".
function codesOf(actions: readonly DocumentedAction[]): string[] {
  return [...new Set([...Object.keys(ERROR_CODES), ...actions.flatMap(({ action }) => Object.keys(action.errorCodes))])]
}

function schemaOf(schema: StandardSchema<unknown, unknown>): JsonObject {
  const document =
    '_zod' in schema
      ? toJSONSchema(schema as unknown as Parameters<typeof toJSONSchema>[0], { io: 'input', unrepresentable: 'any' })
      : ((schema as WithJsonSchema)['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }) ?? {})
  const { $schema: _, ...rest } = document as JsonObject
  return rest
}
