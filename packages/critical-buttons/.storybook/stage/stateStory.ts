import type { AnyAction } from '@org/contracts'
import type { MutationPhase } from '@org/sync-core'
import type { PhaseSetting } from '../../src/testing/PhaseSetting.js'
import type { StageNote, StageParameters } from './StageParameters.js'

/** The words of one component's notes. */
export interface StateWords {
  /** What the button says at rest and when done. */
  label: string
  done: string
  /** What is announced. */
  pending: string
  success: string
  queued: string
  failed: string
}

/** The click that all state stories of one component show. */
export interface StateSubject {
  action: AnyAction
  request: unknown
  words: StateWords
}

/** Makes the stories of one component: each a state, with what a person sees, hears and can do. */
export function stateStories({ action, request, words }: StateSubject) {
  return (phase: MutationPhase, setting: Omit<PhaseSetting, 'phase'> = {}, more: StageParameters = {}) => ({
    parameters: {
      stage: {
        clicks: [{ action, request, phase, ...setting }],
        note: noteOf(phase, words),
        ...more,
      } satisfies StageParameters,
    },
  })
}

function noteOf(phase: MutationPhase, { label, done, pending, success, queued, failed }: StateWords): StageNote {
  const notes: Record<MutationPhase, StageNote> = {
    running: {
      sees: `“${label}” at once locked; a spinner after a quarter of a second, so that quick answers do not flicker.`,
      hears: `After one second: “${pending}”. Nothing, when it is over by then.`,
      can: 'Move on: the click is stored. A second click does nothing, and the focus stays.',
    },
    retrying: {
      sees: 'The spinner goes on; below it the attempt that is under way.',
      hears: 'The attempt, at most every five seconds.',
      can: 'Wait, or cancel. Cancelling asks the server first whether it has already happened.',
    },
    queued: {
      sees: 'A clock, and in words that it waits for the network.',
      hears: `“${queued}”.`,
      can: 'Undo: nothing has left this device yet. Close the page: it is sent at the next visit.',
    },
    'circuit-open': {
      sees: 'A pause sign, and when it goes on by itself.',
      hears: 'Once: “Service is busy. Trying again in about 30 seconds”.',
      can: 'Wait, try now, or cancel.',
    },
    checking: {
      sees: 'The spinner; the server has it and is finding out what became of it.',
      hears: '“Checking whether it went through”.',
      can: 'Wait, leave, or cancel: what has not happened yet is then stopped. It is never sent a second time.',
    },
    success: {
      sees: `“${done}” with a check mark, for two seconds.`,
      hears: `“${success}”, after the focus has come back.`,
      can: 'Go on.',
    },
    partial: {
      sees: 'How many worked and how many did not, and which, with the reason.',
      hears: 'The same, at once.',
      can: 'Retry only the failed ones, or dismiss.',
    },
    conflict: {
      sees: 'That nothing was saved, who changed the record, and what it says now.',
      hears: 'The same, at once.',
      can: 'Look at the record; try again against its present version, or dismiss.',
    },
    error: {
      sees: `“${failed}” and why. It stays until someone acts.`,
      hears: 'The same, at once, and that it can be tried again.',
      can: 'Try again (a new click with a new key), or dismiss.',
    },
    unknown: {
      sees: 'That nobody knows whether it took effect.',
      hears: 'The same, at once.',
      can: 'Look at the record; check again, which asks the server first; or dismiss.',
    },
  }
  return notes[phase]
}
