export { AppointmentConfirmationWorkflow } from './AppointmentConfirmationWorkflow.js'
export { CollaborativeLeadCard } from './CollaborativeLeadCard.js'
export { OptimisticLeadStatus } from './OptimisticLeadStatus.js'
export { OwnOfflineIndicator } from './OwnOfflineIndicator.js'
