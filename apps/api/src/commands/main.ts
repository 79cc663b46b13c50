import { loadConfig, loadModules } from '../config.js'
import { migrateOnly } from '../dependencies.js'
import { copyMigrations } from '../engine/migrations/copyMigrations.js'
import { leftOutOf } from '../modules/moduleNames.js'
import { check, describeFindings, isFit } from './check.js'
import { decideSms } from './decideSms.js'
import { describeFailure } from './describeFailure.js'
import { inspect, NOTHING_KNOWN } from './inspect.js'
import { printable } from './printable.js'
import { type Command, readCommand, USAGE, usageOf } from './readCommand.js'
import { serve } from './serve.js'

const print = (text: string) => void process.stdout.write(text)

const databaseConfig = () => loadConfig(process.env, { purpose: 'database' })

async function migrate(): Promise<void> {
  const applied = await migrateOnly(databaseConfig())
  print(applied.length === 0 ? 'The schema is up to date.\n' : `Applied:\n${applied.map((name) => `  ${name}\n`).join('')}`)
}

async function copy({ to, plainPostgres }: { to: string; plainPostgres: boolean }): Promise<void> {
  const { write, same } = await copyMigrations({ to, plainPostgres, leftOut: leftOutOf(loadModules(process.env)) })
  const copied = write.map(({ file }) => `  ${file}\n`).join('')
  print(write.length === 0 ? `All ${same.length} migrations are there already.\n` : `Copied to ${to}:\n${copied}`)
}

/** 0: done. 1: not done, or nothing found. 2: no such command. */
async function run(command: Command): Promise<number> {
  switch (command.name) {
    case 'start':
      return serve().then(() => 0)
    case 'migrate':
      return migrate().then(() => 0)
    case 'migrations copy':
      return copy(command).then(() => 0)
    case 'check': {
      const findings = await check(process.env, command)
      print(command.json ? `${JSON.stringify(findings, null, 2)}\n` : describeFindings(findings))
      return isFit(findings) ? 0 : 1
    }
    case 'inspect': {
      const found = await inspect(databaseConfig(), command)
      ;(found === null ? process.stderr : process.stdout).write(found ?? NOTHING_KNOWN)
      return found === null ? 1 : 0
    }
    case 'sms': {
      const { done, text } = await decideSms(databaseConfig(), command)
      ;(done ? process.stdout : process.stderr).write(`${text}\n`)
      return done ? 0 : 1
    }
    case 'help':
      print(USAGE)
      return 0
    case 'unknown':
      process.stderr.write(`org-api does not understand "${printable(command.words)}".\n${usageOf(command.words)}`)
      return 2
  }
}

run(readCommand(process.argv.slice(2))).then(
  (code) => {
    // A server goes on; whatever else there was to do is done.
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${describeFailure(error)}\n`)
    process.exit(1)
  },
)
