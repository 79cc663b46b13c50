import type { ReactNode } from 'react'

/** Somebody else's component with our buttons in it. */
export interface HostProps {
  /** A button that confirms a booking, and asks first. */
  confirm: ReactNode
  /** A button that changes a lead's status by a menu. */
  status: ReactNode
  /** The host closed, selected or opened something: it took for its own what was meant for a button. */
  hear: (what: string) => void
}
