import { useSmsHistory } from '@org/critical-buttons'
import { formatDayAndTime } from '../app/format.js'
import { smsStateWords } from './smsState.js'

/** The SMS sent to a lead, newest first, each with where it stands. */
export function SmsThread({ leadId }: { leadId: string }) {
  const { messages, status } = useSmsHistory(leadId)
  return (
    <section aria-labelledby="sms-history-title">
      <h3 id="sms-history-title">SMS so far</h3>
      {messages.length === 0 && <p className="soft small">{emptyText(status)}</p>}
      <ol className="sms-thread">
        {messages.map((sms) => {
          const { label, tone } = smsStateWords(sms.status)
          return (
            <li key={sms.id} className="sms" data-sms-status={sms.status}>
              <p>{sms.message}</p>
              <footer className="small soft">
                <time dateTime={sms.sentAt}>{formatDayAndTime(sms.sentAt)}</time>
                <span className="badge" data-tone={tone}>
                  {label}
                </span>
              </footer>
              {sms.error_message && <p className="small soft">{sms.error_message}</p>}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function emptyText(status: string): string {
  if (status === 'error') return 'The history could not be loaded. It is tried again by itself.'
  return status === 'loading' || status === 'pending' ? 'Loading …' : 'No SMS yet.'
}
