import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { DecideWords } from './decideSms.js'
import type { InspectWords } from './inspect.js'

export const USAGE = `org-api start                          serves the API (also without a word)
org-api migrate                        brings the schema of DATABASE_URL up to date and ends
org-api migrations copy --to <dir>     copies the migrations of MODULES to where another tool applies them, for example
                                       supabase/migrations; again, it brings what is new. With --plain-postgres also
                                       the roles and helpers that Supabase has and plain Postgres lacks
org-api check                          looks at settings, database, roles, Redis, key set, Twilio and PUBLIC_URL, and says of each what
                                       to do; changes nothing and sends nothing. --json is for programs; --mounted where the API
                                       is part of an app of yours (createApiRouter), which signs people in
org-api inspect <what> <id>            what happened: who clicked what when, what was answered, which rows changed, what became
                                       of an SMS. <what>: key, person, sms (its id, or Twilio's), or a table: lead, appointment, …
                                       --organisation <id> looks into that one alone, --json is for programs
org-api sms retry <id>                 sends an SMS that waits now. One that may have gone out: with --may-arrive-twice
org-api sms cancel <id>                withdraws an SMS that has not gone out. Both take --organisation <id>

Each look and each decision is written down (sync.audit).
`

export type Command =
  | { name: 'start' | 'migrate' | 'help' }
  | { name: 'migrations copy'; to: string; plainPostgres: boolean }
  | { name: 'check'; json: boolean; isMounted: boolean }
  | ({ name: 'inspect' } & InspectWords)
  | ({ name: 'sms' } & DecideWords)
  | { name: 'unknown'; words: string }

const TEXT = { type: 'string' } as const
const FLAG = { type: 'boolean', default: false } as const
const KIND = /^[a-z_][a-z0-9_]{0,39}$/

/** How one command is called, with what stands below it; all of them where there is no such command. */
export function usageOf(words: string): string {
  const [first = ''] = words.split(' ')
  const commands = USAGE.split(/^(?=\S)/m).filter((lines) => lines.startsWith(`org-api ${first} `))
  return commands.length === 0 || first === '' ? USAGE : commands.join('').trimEnd().concat('\n')
}

/** What the words of a command line ask for. */
export function readCommand(words: readonly string[]): Command {
  const [first = 'start', ...more] = words
  return read(first, more) ?? { name: 'unknown', words: [first, ...more].join(' ') }
}

function read(first: string, more: readonly string[]): Command | null {
  if (first === '--help' || first === 'help') return { name: 'help' }
  if (first === 'migrations') return readCopy(more)
  if (first === 'check') return readCheck(more)
  if (first === 'inspect') return readInspect(more)
  if (first === 'sms') return readSms(more)
  return more.length === 0 && (first === 'start' || first === 'migrate') ? { name: first } : null
}

function readCopy(args: readonly string[]): Command | null {
  const parsed = parsedOrNull(args, { to: TEXT, 'plain-postgres': FLAG })
  const to = parsed?.values.to
  if (parsed?.positionals.join(' ') !== 'copy' || typeof to !== 'string' || to === '') return null
  return { name: 'migrations copy', to, plainPostgres: parsed.values['plain-postgres'] === true }
}

function readCheck(args: readonly string[]): Command | null {
  const parsed = parsedOrNull(args, { json: FLAG, mounted: FLAG })
  if (parsed?.positionals.length !== 0) return null
  return { name: 'check', json: parsed.values.json === true, isMounted: parsed.values.mounted === true }
}

function readInspect(args: readonly string[]): Command | null {
  const parsed = parsedOrNull(args, { organisation: TEXT, json: FLAG })
  const [kind, id, ...rest] = parsed?.positionals ?? []
  if (!parsed || kind === undefined || id === undefined || rest.length > 0 || !KIND.test(kind)) return null
  return { name: 'inspect', kind, id, organisation: organisationOf(parsed.values), json: parsed.values.json === true }
}

function readSms(args: readonly string[]): Command | null {
  const parsed = parsedOrNull(args, { organisation: TEXT, 'may-arrive-twice': FLAG })
  const [decision, smsId, ...rest] = parsed?.positionals ?? []
  if (!parsed || (decision !== 'retry' && decision !== 'cancel') || smsId === undefined || rest.length > 0) return null
  return {
    name: 'sms',
    decision,
    smsId,
    organisation: organisationOf(parsed.values),
    mayArriveTwice: parsed.values['may-arrive-twice'] === true,
  }
}

function organisationOf({ organisation }: Readonly<Record<string, unknown>>): string | null {
  return typeof organisation === 'string' ? organisation : null
}

type Parsed = { positionals: readonly string[]; values: Readonly<Record<string, unknown>> }

function parsedOrNull(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>): Parsed | null {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch {
    return null
  }
}
