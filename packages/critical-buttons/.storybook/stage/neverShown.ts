import type { ButtonPhase } from '../../src/mutation-controller/phase.js'

/** Phases that a component never shows, and why. */
export const NEVER_SHOWN: Record<string, Partial<Record<ButtonPhase, string>>> = {
  BookingConfirmButton: { partial: 'one appointment cannot succeed in part' },
  SendSMSButton: { partial: 'one SMS cannot succeed in part', conflict: 'an SMS replaces nothing' },
  CriticalButton: { partial: 'the action shown moves one appointment, which cannot succeed in part' },
  LeadStatusButton: { partial: 'one lead cannot succeed in part' },
}
