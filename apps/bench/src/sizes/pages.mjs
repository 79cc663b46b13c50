/**
 * Pages as a team would write them, each on top of what React itself costs.
 * - `target`: kB it shall weigh at start; `limit`: kB it may weigh today. Once a target is reached it becomes the limit.
 */
export const PAGES = [
  {
    name: 'hook',
    target: 34,
    limit: 43.4,
    code: `import { configureCriticalButtons, useBookingConfirm } from '@org/critical-buttons'
configureCriticalButtons({ apiUrl: '/api' })
export function Page() {
  const { mutate, status } = useBookingConfirm()
  return jsx('button', { onClick: () => mutate({ appointmentId: 'apt-123' }), children: status })
}`,
  },
  {
    name: 'one button',
    target: 40,
    limit: 50.5,
    code: `import { BookingConfirmButton, configureCriticalButtons } from '@org/critical-buttons'
configureCriticalButtons({ apiUrl: '/api' })
export function Page() {
  return jsx(BookingConfirmButton, { appointmentId: 'apt-123' })
}`,
  },
  {
    name: 'everything',
    target: 48,
    limit: 59,
    code: `import * as everything from '@org/critical-buttons'
globalThis.everything = everything
export function Page() {
  return jsx(everything.BookingConfirmButton, { appointmentId: 'apt-123' })
}`,
  },
]

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
