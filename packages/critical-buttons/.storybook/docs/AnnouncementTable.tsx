import type { MutationView } from '@org/sync-core'
import { announcementOf } from '../../src/critical-button/announcementOf.js'
import { commonWords } from '../../src/critical-button/commonWords.js'
import { BUTTON_PHASES, type ButtonPhase } from '../../src/mutation-controller/phase.js'
import { smsWords } from '../../src/send-sms-button/smsWords.js'
import { phaseFields } from '../../src/testing/driveToPhase.js'
import { DocTable } from './DocTable.js'

/** What a screen reader says in each state, asked from the code that says it. */
export function AnnouncementTable() {
  const rows = BUTTON_PHASES.flatMap((phase) => {
    const planned = planOf(phase)
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

function planOf(phase: ButtonPhase) {
  const fields = phase === 'idle' || phase === 'confirming' ? {} : phaseFields({ phase, error: { updated: 2, failed: 1 } })
  const progress = { processed: 0, total: 1, failed: 0 }
  const view = {
    id: 'docs',
    maxAttempts: 5,
    attempt: 1,
    nextRetryAt: null,
    waitsFor: phase === 'queued' ? 'network' : undefined,
    progress,
    ...fields,
  } as MutationView
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
