import { ACTIONS } from '@org/contracts'
import { createOpenApi } from '@org/contracts/openapi'
import { code, table } from './table.mjs'

/** Every address of the API with what it takes and gives, from the document that it serves at `/openapi.json`. */
export function apiOperations() {
  const actions = ACTIONS.map((action) => ({
    action,
    ...(action.name === 'lead.updateStatus' && { otherPaths: ['/api/leads/:leadId/update-status'] }),
  }))
  const { paths } = createOpenApi({ actions })
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => section(method, path, operation)))
    .join('\n')
}

function section(method, path, { summary, requestBody, responses }) {
  const given = requestBody?.content['application/json'].schema
  const answers = table(
    ['Answer', 'Means'],
    Object.entries(responses).map(([status, { description }]) => [status, description]),
  )
  return [`## ${method.toUpperCase()} ${path}\n`, `${summary}.\n`, ...(given === undefined ? [] : [json(given)]), answers].join('\n')
}

const json = (schema) => `${code('application/json')}:\n\n\`\`\`json\n${JSON.stringify(schema, null, 2)}\n\`\`\`\n`
