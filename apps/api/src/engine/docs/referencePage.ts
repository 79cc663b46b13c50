/** The parts of an OpenAPI document that the page shows. */
interface Documented {
  info: { title: string; version: string; description: string }
  paths: Record<string, Record<string, Operation>>
  components: { parameters: Record<string, Parameter> }
}

interface Operation {
  operationId: string
  summary: string
  tags: string[]
  parameters: (Parameter | { $ref: string })[]
  requestBody?: { content: { 'application/json': { schema: unknown } } }
  responses: Record<string, { description: string; content?: { 'application/json': { schema: unknown } } }>
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
}

export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
h2 { margin-top: 3rem; border-top: 1px solid; padding-top: 1rem }
h3 code { font-size: 1.1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .25rem .75rem .25rem 0 }
pre { overflow: auto; max-height: 24rem; padding: .75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .25rem }
.method { font-weight: 700; margin-inline-end: .5rem }
`

/** An API reference as one page that needs nothing from anywhere, from an OpenAPI document. */
export function referencePage(document: object): string {
  const { info, paths, components } = document as Documented
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))]
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag))
    return `<h2>${escapeHtml(tag)}</h2>${own.map((entry) => operationHtml({ ...entry, shared: components.parameters })).join('')}`
  })
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(info.title)}</title><style>${STYLE}</style></head><body><main>
<h1>${escapeHtml(info.title)} <small>${escapeHtml(info.version)}</small></h1>
<p>${escapeHtml(info.description)}</p><p>The same as data: <a href="/openapi.json">openapi.json</a></p>
<nav aria-label="Operations"><ul>${operations.map(linkHtml).join('')}</ul></nav>
${sections.join('')}</main></body></html>`
}

interface Entry {
  method: string
  path: string
  operation: Operation
}

function linkHtml({ method, path, operation }: Entry): string {
  return `<li><a href="#${escapeHtml(operation.operationId)}">${method.toUpperCase()} ${escapeHtml(path)}</a> ${escapeHtml(operation.summary)}</li>`
}

function operationHtml({ method, path, operation, shared }: Entry & { shared: Record<string, Parameter> }): string {
  const parameters = operation.parameters.map((one) => ('$ref' in one ? shared[one.$ref.split('/').at(-1) ?? ''] : one))
  return `<section><h3 id="${escapeHtml(operation.operationId)}"><span class="method">${method.toUpperCase()}</span><code>${escapeHtml(path)}</code></h3>
<p>${escapeHtml(operation.summary)}</p>
${parametersHtml(parameters.filter((one) => one !== undefined))}
${operation.requestBody === undefined ? '' : schemaHtml('Request', operation.requestBody.content['application/json'].schema)}
${answersHtml(operation.responses)}</section>`
}

function parametersHtml(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return ''
  const rows = parameters.map(
    ({ name, in: place, required = false, description = '' }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required ? ', required' : ''}</td><td>${escapeHtml(description)}</td></tr>`,
  )
  return `<table><thead><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function answersHtml(responses: Operation['responses']): string {
  const rows = Object.entries(responses).map(
    ([status, { description }]) => `<tr><td>${status}</td><td>${escapeHtml(description)}</td></tr>`,
  )
  const schema = responses['200']?.content?.['application/json'].schema
  return `<table><thead><tr><th>Status</th><th>Codes or meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>
${schema === undefined ? '' : schemaHtml('Answer 200', schema)}`
}

function schemaHtml(title: string, schema: unknown): string {
  return `<details><summary>${title}</summary><pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre></details>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
