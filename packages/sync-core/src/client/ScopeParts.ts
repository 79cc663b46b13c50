import type { Outlook } from '../dispatch/Outlook.js'
import type { User } from '../identity/scopeName.js'
import type { UserApi } from '../identity/UserApi.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import type { Presence } from '../tabs/Presence.js'
import type { ClientParts } from './ClientParts.js'

/** What whatever does something with one user's clicks stands on; handed on whole. */
export interface ScopeParts extends ClientParts {
  user: User
  api: UserApi
  presence: Presence
  queue: OfflineQueue
  outlook: Outlook
}
