export {
  type ActionDefinition,
  type AppointmentRow,
  defineAction,
  type LeadRow,
  type LeadStatus,
  type LeadStatusEntry,
  type LeadView,
  messageTemplates,
  type OwnColumns,
  type SmsMessageView,
  type TemplateLead,
  type Tone,
  VALID_STATUSES,
} from '@org/contracts/client'
export type {
  ErrorOf,
  Identity,
  MutationError,
  MutationView,
  QueuedMutation,
  RealtimeSyncService,
  RowChangeEvent,
  SubscriptionInfo,
  SyncClient,
  TableState,
} from '@org/sync-core'
export type { Announce, Announcement, Politeness } from './announcer/announce.js'
export { BookingConfirmButton, type BookingConfirmButtonProps } from './booking-confirm-button/BookingConfirmButton.js'
export { createEnglishMessages } from './catalogue/createEnglishMessages.js'
export type {
  ButtonClassNames,
  ButtonLook,
  ButtonSize,
  ButtonSlots,
  ButtonVariant,
  CommonButtonProps,
  StatusDisplay,
} from './critical-button/buttonProps.js'
export type { ConfirmDialogProps } from './critical-button/ConfirmDialog.js'
export { CriticalButton, type CriticalButtonProps } from './critical-button/CriticalButton.js'
export type { CriticalButtonOptions } from './critical-button/CriticalButtonOptions.js'
export type { ButtonParts, CriticalButtonState, HostButtonProps, TriggerProps } from './critical-button/CriticalButtonState.js'
export type { IconName } from './critical-button/Icon.js'
export { Parts } from './critical-button/Parts.js'
export type { ButtonRender, ButtonRenderProps, ButtonRenderState } from './critical-button/renderTrigger.js'
export { useCriticalButton } from './critical-button/useCriticalButton.js'
export { type AppointmentSync, useAppointmentSync } from './hooks/useAppointmentSync.js'
export { type ActionHookOptions, useBookingConfirm } from './hooks/useBookingConfirm.js'
export { useLeadStatus } from './hooks/useLeadStatus.js'
export { useLeadStatusBulkUpdate } from './hooks/useLeadStatusBulkUpdate.js'
export { type LeadStatusSync, useLeadStatusSync } from './hooks/useLeadStatusSync.js'
export { type OfflineQueueResult, useOfflineQueue } from './hooks/useOfflineQueue.js'
export { useRealtimeStatus } from './hooks/useRealtimeStatus.js'
export { useRow } from './hooks/useRow.js'
export { type RowSync, useRowSync } from './hooks/useRowSync.js'
export { useSendSMS } from './hooks/useSendSMS.js'
export { type SmsHistoryResult, useSmsHistory } from './hooks/useSmsHistory.js'
export { useSyncClient } from './hooks/useSyncClient.js'
export { type SyncMutationResult, type UseSyncMutationOptions, useSyncMutation } from './hooks/useSyncMutation.js'
export type { BulkUpdateError, BulkUpdateResult } from './lead-status-bulk-update-button/bulkOutcome.js'
export {
  LeadStatusBulkUpdateButton,
  type LeadStatusBulkUpdateButtonProps,
} from './lead-status-bulk-update-button/LeadStatusBulkUpdateButton.js'
export type { LeadRef } from './lead-status-bulk-update-button/leadIdsOf.js'
export type { StatusConfirmMessage } from './lead-status-button/confirmMessageFor.js'
export { LeadStatusButton, type LeadStatusButtonProps } from './lead-status-button/LeadStatusButton.js'
export type { StatusMenuProps, StatusOption } from './lead-status-button/StatusMenu.js'
export type { StatusColor, StatusColors } from './lead-status-button/statusColors.js'
export type {
  ActionMessages,
  BulkMessages,
  CommonMessages,
  HistoryMessages,
  IndicatorMessages,
  Messages,
  PartialMessages,
  StatusMessages,
  Words,
} from './messages/Messages.js'
export type { SyncProgress } from './mutation-controller/followProgress.js'
export { MutationFailure } from './mutation-controller/MutationFailure.js'
export { BUTTON_PHASES, type ButtonPhase } from './mutation-controller/phase.js'
export type { IndicatorState } from './offline-indicator/indicatorState.js'
export { OfflineIndicator, type OfflineIndicatorProps } from './offline-indicator/OfflineIndicator.js'
export { CriticalButtonsProvider, type CriticalButtonsProviderProps } from './provider/CriticalButtonsProvider.js'
export type { CriticalButtonsOptions } from './provider/createLoggedClient.js'
export { configureCriticalButtons, getOfflineQueue, getRealtimeSyncService, syncOfflineQueue } from './provider/defaultClient.js'
export { SendSMSButton, type SendSMSButtonProps } from './send-sms-button/SendSMSButton.js'
export { SmsHistory, type SmsHistoryProps } from './sms-history/SmsHistory.js'
export { statusColors } from './tailwind/index.js'
