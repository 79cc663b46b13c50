import type { ReactNode } from 'react'
import { Icon, type IconName } from '../icons/Icon.js'
import './notice.css'

/** What stands where a list would be when there is none: nothing yet, nothing found, or trouble. */
export function Notice({ icon, title, children, tone }: { icon: IconName; title: string; children?: ReactNode; tone?: 'bad' }) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon name={icon} />
      <p className="notice-title">{title}</p>
      {children}
    </div>
  )
}
