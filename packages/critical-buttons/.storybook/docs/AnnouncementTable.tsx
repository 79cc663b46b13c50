import { leadBulkUpdateStatus, smsSend } from '@org/contracts'
import type { MutationPhase, MutationView } from '@org/sync-core'
import { useEffect, useState } from 'react'
import { announcementOf } from '../../src/critical-button/announcementOf.js'
import { commonWords } from '../../src/critical-button/commonWords.js'
import { BUTTON_PHASES, type ButtonPhase } from '../../src/mutation-controller/phase.js'
import { smsWords } from '../../src/send-sms-button/smsWords.js'
import { createStageClient } from '../stage/createStageClient.js'
import { DocTable } from './DocTable.js'

type Views = ReadonlyMap<ButtonPhase, MutationView>

/** What a screen reader says in each state, asked from the code that says it. */
export function AnnouncementTable() {
  const [views, setViews] = useState<Views>(new Map())
  useEffect(() => void clickInEveryPhase().then(setViews), [])
  const rows = [...views].flatMap(([phase, view]) => {
    const planned = planOf(phase, view)
    if (planned.text === '') return []
    return [
      [
        <code key={phase}>{phase}</code>,
        planned.politeness,
        planned.afterMs === 0 ? 'at once' : `after ${planned.afterMs} ms`,
        planned.text,
      ],
    ]
  })
  return <DocTable label="Announcements" head={['State', 'How', 'When', 'What is said']} rows={rows} />
}

async function clickInEveryPhase(): Promise<Views> {
  const phases = BUTTON_PHASES.filter((phase): phase is MutationPhase => phase !== 'idle' && phase !== 'confirming')
  return new Map(await Promise.all(phases.map(async (phase) => [phase, await clickIn(phase)] as const)))
}

async function clickIn(phase: MutationPhase): Promise<MutationView> {
  const client = await createStageClient({}, false)
  // Of one SMS there is no part.
  if (phase === 'partial') return client.click(leadBulkUpdateStatus, { leadIds: ['lead-123', 'lead-124'], status: 'won' }, phase)
  return client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, phase)
}

function planOf(phase: ButtonPhase, view: MutationView) {
  return announcementOf({
    phase,
    view,
    error: view.error,
    repeated: false,
    now: Date.now(),
    words: { subject: 'Anna Kim' },
    say: smsWords,
    messages: commonWords,
    progress: false,
    changedBy: 'Priya',
    currentValue: undefined,
  })
}
