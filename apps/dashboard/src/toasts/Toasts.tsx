import { useSyncExternalStore } from 'react'
import { Icon } from '../icons/Icon.js'
import { dismissToast, getToasts, subscribeToasts } from './toast.js'
import './toasts.css'

/**
 * The newest note, below the header. One at a time, because there is room for one that covers nothing. No live
 * region: the buttons announce the same, once.
 */
export function Toasts() {
  const newest = useSyncExternalStore(subscribeToasts, getToasts).at(-1)
  return (
    <section aria-label="Notes">
      {newest && (
        <p key={newest.id} className="toast" data-tone={newest.tone}>
          <Icon name={newest.tone === 'bad' ? 'warning' : 'check'} />
          <span>{newest.text}</span>
          <button type="button" className="toast-close" onClick={() => dismissToast(newest.id)}>
            <Icon name="close" />
            <span className="unseen">Close this note</span>
          </button>
        </p>
      )}
    </section>
  )
}
