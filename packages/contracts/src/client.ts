/*
 * What a browser needs of the contracts. The same sources as the main entry, built over the contracts' own parser instead of
 * zod: `z` here is that parser, for shapes of one's own that weigh nothing more.
 */
export * as z from '#z'
export { bookingConfirm } from './actions/bookingConfirm.js'
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
export { type BulkFailure, leadBulkUpdateStatus } from './actions/leadBulkUpdateStatus.js'
export { leadUpdateStatus } from './actions/leadUpdateStatus.js'
export { ACTIONS, findAction } from './actions/registry.js'
export { smsSend } from './actions/smsSend.js'
export { check, parse, pathOf } from './check.js'
export { CLIENT_TEXTS, type ClientErrorCode, clientText } from './clientCodes.js'
export { type ErrorBody, errorBodySchema } from './errorBodySchema.js'
export type { ErrorCode, ErrorCodeEntry } from './errorCodes.js'
export { ALLOWED_HEADERS, CONTRACTS_VERSION, EXPOSED_HEADERS, HEADERS } from './headers.js'
export { idSchema, textSchema, visibleTextSchema } from './id.js'
export { type IdempotencyKey, idempotencyKeySchema, parseIdempotencyKey } from './idempotencyKey.js'
export { FINAL_STATUS, type LeadStatus, leadStatusLabel, leadStatusSchema, type StatusColor, VALID_STATUSES } from './leadStatus.js'
export { LIMITS } from './limits.js'
export { messageTemplates, type TemplateId, type TemplateLead } from './messageTemplates.js'
export type { Issue } from './parser/Issue.js'
export type { ObjectParser } from './parser/objects.js'
export type { Parser } from './parser/Parser.js'
export {
  appointmentsPageSchema,
  leadsPageSchema,
  type MutationStateAnswer,
  mutationStateSchema,
  PATHS,
  type Session,
  type SmsServiceStatus,
  sessionSchema,
  smsHistorySchema,
  smsServiceStatusSchema,
} from './reads.js'
export { problemOf, problemText, type RequestProblem } from './requestProblem.js'
export { RESERVED_REPLIES, type ReservedReply, reservedWordsIn } from './reservedReplies.js'
export { type AppointmentRow, type AppointmentStatus, appointmentRowSchema, appointmentStatusSchema } from './rows/appointment.js'
export { type LeadRow, type LeadView, leadRowSchema, toLeadView } from './rows/lead.js'
export { type BaseRow, baseRowSchema, rowColumns, TABLES, type TableName, tableNameSchema } from './rows/row.js'
export {
  SMS_STATES,
  type SmsMessageRow,
  type SmsMessageView,
  type SmsState,
  type SmsStatus,
  smsMessageRowSchema,
  smsStateSchema,
  smsStatusSchema,
  toSmsMessageView,
} from './rows/smsMessage.js'
export type { Schema, StandardIssue, StandardResult, StandardSchema } from './StandardSchema.js'
export { cursorGoneSchema, type SyncChange, type SyncChangesPage, syncChangeSchema, syncChangesPageSchema } from './syncChanges.js'
