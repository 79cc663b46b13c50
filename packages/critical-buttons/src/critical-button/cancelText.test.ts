import { describe, expect, it } from '@jest/globals'
import type { MutationView } from '@org/sync-core'
import { cancelText } from './cancelText.js'
import { commonWords } from './commonWords.js'

type Stands = Partial<Pick<MutationView, 'phase' | 'settled' | 'error'>> & { total?: number }

const after = ({ total = 1, ...view }: Stands) => ({ ...view, progress: { processed: 0, total, failed: 0 } }) as MutationView

describe('what is said of a wish to take a click back', () => {
  it.each([
    ['cancelled', undefined, 'Cancelled'],
    ['cancelled', { phase: 'error', settled: true, error: { code: 'CANCELLED', message: 'x', willRetry: false } }, 'Cancelled'],
    // A part of it took effect, or still may: its ending says so.
    ['cancelled', { phase: 'partial', settled: true, total: 450, error: { code: 'PARTIAL', message: 'x', willRetry: false } }, ''],
    ['cancelled', { phase: 'retrying', settled: false, total: 450 }, ''],
    ['unreachable', { phase: 'retrying' }, 'Could not ask the server, so it was not cancelled'],
    ['unreachable', { phase: 'retrying', total: 450 }, 'Could not ask the server about all of it, so part of it goes on'],
    ['already-done', { phase: 'success', settled: true }, 'Too late to cancel: it already took effect'],
    ['already-done', { phase: 'checking', settled: false }, 'The server has taken it over, and stops it if that is still possible'],
    ['already-done', { phase: 'error', settled: true }, 'It had ended before it could be cancelled'],
    ['already-done', { phase: 'conflict', settled: true }, 'It had ended before it could be cancelled'],
    ['already-done', undefined, 'It had ended before it could be cancelled'],
    ['already-done', { phase: 'unknown', settled: true }, 'Outcome unknown. Look at the record before you try again'],
  ] as const)('%s, while it stands at %j', (answer, stands, text) => {
    expect(cancelText(answer, stands && after(stands), commonWords)).toBe(text)
  })
})
