import type { MutationPhase } from '@org/sync-core'

/**
 * What a button shows, and the value of its `data-state`. `idle` and `confirming` belong to the
 * button; the rest is shared by all components and tabs that look at the same record.
 */
export type ButtonPhase = 'idle' | 'confirming' | MutationPhase

/** Every phase, in the order a click may pass through them. */
export const BUTTON_PHASES = [
  'idle',
  'confirming',
  'running',
  'retrying',
  'queued',
  'circuit-open',
  'checking',
  'success',
  'partial',
  'conflict',
  'error',
  'unknown',
] as const satisfies readonly ButtonPhase[]

/** Not settled: the queue goes on by itself. */
export function isPendingPhase(phase: ButtonPhase): boolean {
  return isActivePhase(phase) || phase === 'queued' || phase === 'circuit-open'
}

/** An attempt is under way or its outcome is being asked for. */
export function isActivePhase(phase: ButtonPhase): boolean {
  return isSendingPhase(phase) || phase === 'checking'
}

/** An attempt is under way, so a further click could only confuse. What the server has taken over (`checking`) keeps nothing waiting. */
export function isSendingPhase(phase: ButtonPhase): boolean {
  return phase === 'running' || phase === 'retrying'
}

/** Stays on screen until a person acts on it. */
export function needsAttention(phase: ButtonPhase): boolean {
  return phase === 'partial' || phase === 'conflict' || phase === 'error' || phase === 'unknown'
}
