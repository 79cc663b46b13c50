// No React and no client: safe in server components, in workers and in tests.
export { type LeadStatus, type LeadStatusEntry, messageTemplates, type TemplateLead, VALID_STATUSES } from '@org/contracts/client'
export { BUTTON_PHASES, type ButtonPhase, isActivePhase, isPendingPhase, needsAttention } from '../mutation-controller/phase.js'
export { statusColors } from '../tailwind/index.js'
