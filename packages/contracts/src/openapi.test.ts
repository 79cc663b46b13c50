import { describe, expect, it } from '@jest/globals'
import { ACTIONS } from './actions/registry.js'
import { ERROR_CODES } from './errorCodes.js'
import { createOpenApi } from './openapi.js'

interface Operation {
  operationId: string
  parameters: { name?: string; in?: string; required?: boolean; $ref?: string }[]
  requestBody: { content: { 'application/json': { schema: Record<string, unknown> } } }
  responses: Record<string, { description: string }>
}

/** What these tests read of the document. */
interface Document {
  paths: Record<string, { post: Operation }>
  components: Record<string, Record<string, unknown>> & { schemas: { ErrorCode: { enum: string[] } } }
}

const document = createOpenApi({
  actions: ACTIONS.map((action) =>
    action.name === 'lead.updateStatus' ? { action, otherPaths: ['/api/leads/:leadId/update-status'] } : { action },
  ),
}) as unknown as Document

function post(path: string): Operation {
  const operation = document.paths[path]?.post
  if (operation === undefined) throw new Error(`The document does not describe POST ${path}.`)
  return operation
}

describe('the OpenAPI document', () => {
  it('describes every action, with both requests where two share a path', () => {
    expect(post('/api/bookings/confirm').operationId).toBe('booking.confirm')
    expect(post('/api/leads/send-sms').requestBody.content['application/json'].schema).toMatchObject({
      type: 'object',
      required: ['leadId', 'message'],
      additionalProperties: false,
    })
    expect(post('/api/leads/update-status').requestBody.content['application/json'].schema).toHaveProperty('anyOf')
  })

  it('takes from the body what the address already says', () => {
    const operation = post('/api/leads/{leadId}/update-status')
    expect(operation.parameters[0]).toMatchObject({ name: 'leadId', in: 'path', required: true })
    expect(operation.requestBody.content['application/json'].schema.required).toEqual(['status'])
  })

  it('asks for the key where an action needs one', () => {
    const key = (path: string) =>
      post(path).parameters.find(({ name, $ref }) => name === 'Idempotency-Key' || $ref?.endsWith('Idempotency-Key'))
    expect(key('/api/bookings/confirm')).toMatchObject({ required: true })
    expect(key('/api/leads/update-status')).toEqual({ $ref: '#/components/parameters/Idempotency-Key' })
  })

  it('lists refusals by status with the codes they can carry', () => {
    expect(post('/api/leads/send-sms').responses['503']?.description).toContain('CIRCUIT_BREAKER_OPEN')
    expect(post('/api/bookings/confirm').responses['409']?.description).toContain('ALREADY_CONFIRMED')
    expect(document.components.schemas.ErrorCode.enum).toEqual(Object.keys(ERROR_CODES))
  })

  it('refers to nothing that is not there, and names each operation once', () => {
    const text = JSON.stringify(document)
    for (const [, section, name] of text.matchAll(/"#\/components\/(\w+)\/([\w-]+)"/g)) {
      expect(document.components[section ?? '']).toHaveProperty([name ?? ''])
    }
    const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toHaveLength(13)
    expect(text).not.toContain('$schema')
  })
})
