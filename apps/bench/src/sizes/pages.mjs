/**
 * Pages as a team would write them, each on top of what React itself costs.
 * - `target`: kB (gzip) it shall weigh at start; `limit`: kB it may weigh today. Once a target is reached it becomes the limit.
 */
export const PAGES = [
  {
    name: 'hook',
    target: 34,
    limit: 42.6,
    code: `import { configureCriticalButtons, useBookingConfirm } from '@org/critical-buttons'
configureCriticalButtons({ apiUrl: location.origin })
export function Page() {
  const { mutate, status } = useBookingConfirm()
  return jsx('button', { onClick: () => mutate({ appointmentId: 'apt-123' }), children: status })
}`,
  },
  {
    name: 'one button',
    target: 40,
    limit: 53.4,
    code: `import { BookingConfirmButton, configureCriticalButtons } from '@org/critical-buttons'
configureCriticalButtons({ apiUrl: location.origin })
export function Page() {
  return jsx(BookingConfirmButton, { appointmentId: 'apt-123' })
}`,
  },
  {
    name: 'four and indicator',
    target: 48,
    limit: 57.7,
    code: `import * as ours from '@org/critical-buttons'
ours.configureCriticalButtons({ apiUrl: location.origin })
export function Page() {
  return jsx('main', {
    children: [
      jsx(ours.OfflineIndicator, {}, 'a'),
      jsx(ours.BookingConfirmButton, { appointmentId: 'apt-123' }, 'b'),
      jsx(ours.SendSMSButton, { leadId: 'lead-123', message: 'Hi' }, 'c'),
      jsx(ours.LeadStatusButton, { leadId: 'lead-123', currentStatus: 'new' }, 'd'),
      jsx(ours.LeadStatusBulkUpdateButton, { leadIds: ['lead-123'], targetStatus: 'contacted' }, 'e'),
    ],
  })
}`,
  },
  {
    name: 'everything',
    target: 48,
    limit: 61.7,
    code: `import * as everything from '@org/critical-buttons'
globalThis.everything = everything
everything.configureCriticalButtons({ apiUrl: location.origin })
export function Page() {
  return jsx(everything.BookingConfirmButton, { appointmentId: 'apt-123' })
}`,
  },
]

/** kB (gzip) that the style sheet may weigh. */
export const CSS = { sheet: '@org/critical-buttons/styles.css', target: 3.5, limit: 3.8 }

/** What the others are compared with: a page of React alone. */
export const REACT_PAGE = `export function Page() {
  return jsx('p', { children: 'React' })
}`

/** The whole entry of a page. */
export function entryOf(code) {
  return `import { createRoot } from 'react-dom/client'
import { jsx } from 'react/jsx-runtime'
${code}
createRoot(document.getElementById('root')).render(jsx(Page, {}))
`
}
