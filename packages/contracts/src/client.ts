/*
 * What a browser needs of the contracts. The same sources as the main entry, built over the contracts' own parser instead of
 * zod: `z` here is that parser, for shapes of one's own that weigh nothing more.
 */

export { appointmentRowSchema, leadRowSchema, smsMessageRowSchema } from '#rows'
export * as z from '#z'
export { type BookingConfirmAnswer, bookingConfirm } from './actions/bookingConfirm.js'
export { LEDGER_CODES } from './actions/commonCodes.js'
export {
  type ActionDefinition,
  type AnyAction,
  type ClickContext,
  type CodeOf,
  defineAction,
  isAnswerOf,
  isCodeOf,
  type RequestOf,
  type ResponseOf,
  type RowPatch,
  rowIn,
  type SplitPart,
} from './actions/defineAction.js'
export { type BulkFailure, type LeadBulkUpdateStatusAnswer, leadBulkUpdateStatus } from './actions/leadBulkUpdateStatus.js'
export { type LeadUpdateStatusAnswer, leadUpdateStatus } from './actions/leadUpdateStatus.js'
export { ACTIONS, findAction } from './actions/registry.js'
export { type SmsSendAnswer, smsSend } from './actions/smsSend.js'
export { check, parse, pathOf } from './check.js'
export { CLIENT_TEXTS, type ClientErrorCode, clientText } from './clientCodes.js'
export { ALLOWED_HEADERS, EXPOSED_HEADERS } from './corsHeaders.js'
export { type ErrorBody, errorBodySchema } from './errorBodySchema.js'
export type { ErrorCode, ErrorCodeEntry } from './errorCodes.js'
export { CONTRACTS_VERSION, HEADERS } from './headers.js'
export { idSchema, textSchema, visibleTextSchema } from './id.js'
export { type IdempotencyKey, idempotencyKeySchema, parseIdempotencyKey } from './idempotencyKey.js'
export { type LeadStatus, type LeadStatusEntry, leadStatusSchema, type Tone, VALID_STATUSES } from './leadStatus.js'
export { LIMITS } from './limits.js'
export { appointmentsPageSchema, leadsPageSchema, smsHistorySchema } from './lists.js'
export { messageTemplates, type TemplateId, type TemplateLead } from './messageTemplates.js'
export { type MutationStateAnswer, mutationStateSchema } from './mutationState.js'
export type { Issue } from './parser/Issue.js'
export type { ObjectParser } from './parser/objects.js'
export type { Parser } from './parser/Parser.js'
export { PATHS } from './paths.js'
export { problemOf, problemText, type RequestProblem } from './requestProblem.js'
export { RESERVED_REPLIES, type ReservedReply, reservedWordsIn } from './reservedReplies.js'
export type { AppointmentRow, AppointmentStatus } from './rows/appointment.js'
export { type BaseRow, baseRowSchema } from './rows/baseRow.js'
export { appointmentStatusSchema, rowColumns, smsStateSchema, smsStatusSchema } from './rows/documentedRows.js'
export { type LeadRow, type LeadView, toLeadView } from './rows/lead.js'
export type { OwnColumns, Row } from './rows/Row.js'
export {
  SMS_STATES,
  type SmsMessageRow,
  type SmsMessageView,
  type SmsState,
  type SmsStatus,
  toSmsMessageView,
} from './rows/smsMessage.js'
export { TABLES, type TableName, tableNameSchema } from './rows/tables.js'
export type { Schema, StandardIssue, StandardResult, StandardSchema } from './StandardSchema.js'
export { type Session, sessionSchema } from './session.js'
export { type SmsServiceStatus, smsServiceStatusSchema } from './smsServiceStatus.js'
export { cursorGoneSchema, type SyncChange, type SyncChangesPage, syncChangeSchema, syncChangesPageSchema } from './syncChanges.js'
