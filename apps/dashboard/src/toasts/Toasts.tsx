import { useSyncExternalStore } from 'react'
import { Icon } from '../icons/Icon.js'
import { dismissToast, getToasts, subscribeToasts } from './toast.js'
import './toasts.css'

/** The notes at the edge of the screen. No live region: the buttons announce the same, once. */
export function Toasts() {
  const toasts = useSyncExternalStore(subscribeToasts, getToasts)
  return (
    <section aria-label="Notes">
      <ul className="toasts">
        {toasts.map(({ id, tone, text }) => (
          <li key={id} className="toast" data-tone={tone}>
            <Icon name={tone === 'bad' ? 'warning' : 'check'} />
            <span>{text}</span>
            <button type="button" className="plain-button" data-quiet data-icon-only onClick={() => dismissToast(id)}>
              <Icon name="close" />
              <span className="unseen">Close this note</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
