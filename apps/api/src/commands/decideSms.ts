import type { Config } from '../config.js'
import { ConfigError } from '../engine/config/ConfigError.js'
import type { SqlRow } from '../engine/database/Database.js'
import { recordAudit } from '../engine/timeline/recordAudit.js'
import { openForOperator, operatorName } from './operator.js'

export interface DecideWords {
  decision: 'retry' | 'cancel'
  smsId: string
  /** Null: of any organisation. */
  organisation: string | null
  /** For `retry` of an SMS that may have gone out. */
  mayArriveTwice: boolean
}

/** What became of a decision, in a sentence. */
export interface Decided {
  done: boolean
  text: string
}

/** Sends an SMS now or once more, or withdraws it. What is decided is written down before. */
export async function decideSms(config: Config, { decision, smsId, organisation, mayArriveTwice }: DecideWords): Promise<Decided> {
  const { database, hasSms } = await openForOperator(config)
  try {
    if (!hasSms) throw new ConfigError('This deployment sends no SMS: its database holds no schema of the module sms.')
    const subject = { kind: 'sms', id: smsId }
    await recordAudit(database, { subject, tenant: organisation, actor: operatorName(), door: 'org-api', verb: `sms.${decision}` })
    const [row] =
      decision === 'retry'
        ? await database.write<Result>('select sync.retry_sms($1, $2, $3) as result', [smsId, organisation, mayArriveTwice])
        : await database.write<Result>('select sync.withdraw_sms($1, $2) as result', [smsId, organisation])
    return decided(row?.result ?? 'not-found')
  } finally {
    await database.close()
  }
}

type Result = { result: string } & SqlRow

const DONE: Readonly<Record<string, string>> = {
  due: 'It is due now: the next turn of a replica sends it, within seconds.',
  cancelled: 'It is withdrawn and is not sent any more. Whoever clicked is told so.',
  'not-again': 'It may have gone out already, which nobody can take back. Nothing sends it again.',
}

const NOT_DONE: Readonly<Record<string, string>> = {
  'not-found':
    'There is no such SMS, or what the dispatcher knew of it is past its 30 days. `org-api inspect lead <id>` lists those of a lead.',
  'has-it': 'Twilio has it already, so nothing was changed. `org-api inspect sms <id>` says what became of it.',
  ended: 'It has its end, which whoever clicked was told for good, so nothing was changed. A new click sends a new SMS.',
  'under-way': 'It is being handed to Twilio at this moment, so nothing was changed. Look again in a few seconds.',
  'looked-for':
    "Nobody knows yet whether Twilio has it, and Twilio's list is still being asked. Nothing was changed; look again in a few minutes.",
  'may-arrive-twice':
    'Twilio may have it: its answer was lost, and its list did not show it. Look in the console by number and time. To send it all the same: org-api sms retry <id> --may-arrive-twice',
  'not-wanted': 'Everybody who clicked has withdrawn it, so nothing was changed. A new click sends a new SMS.',
  'too-late': 'Its time is over: whoever clicked allowed it to be sent until then and no longer. A new click sends a new SMS.',
}

function decided(result: string): Decided {
  const done = DONE[result]
  return done === undefined ? { done: false, text: NOT_DONE[result] ?? result } : { done: true, text: done }
}
