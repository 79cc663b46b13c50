import type { TabTalk } from '../tabs/TabTalk.js'
import type { IdentityChange } from './IdentityEvent.js'
import type { OriginMemory } from './OriginMemory.js'
import type { OriginMessage } from './originMessages.js'
import { scopeName } from './scopeName.js'

export interface Listening {
  memory: Pick<OriginMemory, 'remember' | 'forget'>
  talk: Pick<TabTalk<OriginMessage>, 'say'>
}

/** Remembers who is here now, and tells the other tabs of whoever came or went: to ask, never whom to adopt. */
export function noteUser({ before, after, event }: IdentityChange, { memory, talk }: Listening): void {
  const isSame = before.user === after.user
  if (before.user !== null && after.user === null) memory.forget(before.user)
  if (after.is === 'confirmed' && !(isSame && before.is === 'confirmed')) memory.remember(after.user)
  if (!isSame && event.type === 'answered') talk.say({ type: 'asked-elsewhere' })
  if (before.user !== null && event.type === 'signed-out') talk.say({ type: 'signed-out-elsewhere', user: scopeName(before.user) })
}
