import type { ButtonPhase } from '../mutation-controller/phase.js'
import type { IconName } from './Icon.js'
import type { StatusTone } from './phaseLine.js'

/** The sign of each phase, and its tone where a main action's own colour gives way. Nothing at rest. */
export const PHASE_LOOKS: Partial<Record<ButtonPhase, readonly [IconName, StatusTone?]>> = {
  running: ['spinner'],
  retrying: ['spinner'],
  checking: ['spinner'],
  queued: ['clock', 'info'],
  'circuit-open': ['pause', 'warning'],
  success: ['check'],
  partial: ['warning', 'warning'],
  conflict: ['conflict', 'error'],
  error: ['error', 'error'],
  unknown: ['question', 'warning'],
}
