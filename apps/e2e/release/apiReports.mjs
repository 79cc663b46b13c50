// What the published packages export, as reports that are checked in: a change of it is seen in a review.
// `npm run api-reports` writes them anew; `npm run test:release` refuses a package that is not as its report says.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { PUBLISHED } from './packages.mjs'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const COMPILER_OPTIONS = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  jsx: 'react-jsx',
  skipLibCheck: true,
  types: [],
}
const QUIET = { default: { logLevel: 'none' } }

const folderOf = (path) => join(ROOT, path, 'api')

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const path of PUBLISHED) writeReports(path)

/** Writes the reports of a built package (`path` from the root). */
export function writeReports(path) {
  mkdirSync(folderOf(path), { recursive: true })
  for (const { name, report } of reportsOf(path)) {
    writeFileSync(join(folderOf(path), name), report)
    console.log(`${path}/api/${name}`)
  }
}

/** @throws {Error} when a built package exports something else than its reports say */
export function checkReports(path) {
  const changed = reportsOf(path).filter(({ name, report }) => {
    const file = join(folderOf(path), name)
    return !existsSync(file) || readFileSync(file, 'utf8') !== report
  })
  if (changed.length === 0) return
  const names = changed.map(({ name }) => `${path}/api/${name}`).join(', ')
  throw new Error(`What it exports is not what ${names} says. Is that meant? Then run "npm run api-reports", and look at the difference.`)
}

/** @returns {{ name: string, report: string }[]} one for each entry with types */
function reportsOf(path) {
  const { exports } = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8'))
  const typed = Object.entries(exports).filter(([, entry]) => typeof entry === 'object' && entry.types !== undefined)
  return typed.map(([entry, { types }]) => {
    const name = `${entry === '.' ? 'index' : entry.replace('./', '').replaceAll('/', '-')}.api.md`
    return { name, report: reportOf(join(ROOT, path), { name, types }) }
  })
}

function reportOf(projectFolder, { name, types }) {
  const folder = mkdtempSync(join(tmpdir(), 'api-report-'))
  const entry = join(projectFolder, types)
  try {
    const config = ExtractorConfig.prepare({
      packageJsonFullPath: join(projectFolder, 'package.json'),
      configObjectFullPath: undefined,
      configObject: {
        projectFolder,
        mainEntryPointFilePath: entry,
        compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [entry] } },
        apiReport: { enabled: true, reportFileName: name, reportFolder: folder, reportTempFolder: folder },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        newlineKind: 'lf',
        messages: { compilerMessageReporting: QUIET, extractorMessageReporting: QUIET, tsdocMessageReporting: QUIET },
      },
    })
    // What is said of files that it did not find is meant for its own way of keeping reports.
    Extractor.invoke(config, { localBuild: true, messageCallback: (message) => Object.assign(message, { handled: true }) })
    return readFileSync(join(folder, name), 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
