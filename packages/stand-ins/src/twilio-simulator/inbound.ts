import { countSegments, type Message } from './Message.js'
import { API_VERSION } from './messageResource.js'
import type { WebhookParams } from './signature.js'

/** The form of the webhook that tells of a reply. */
export function inboundParams(message: Message, accountSid: string): WebhookParams {
  return {
    AccountSid: accountSid,
    ApiVersion: API_VERSION,
    Body: message.body,
    From: message.from,
    MessageSid: message.sid,
    NumMedia: '0',
    NumSegments: String(countSegments(message.body)),
    SmsMessageSid: message.sid,
    SmsSid: message.sid,
    SmsStatus: 'received',
    To: message.to,
  }
}
