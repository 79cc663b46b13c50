import type { CommonMessages } from '../messages/Messages.js'
import type { NotReady } from '../mutation-controller/ControllerSnapshot.js'

/** Why a button cannot be used yet; undefined when it can, and in the moment before anything is known. Pure. */
export function notReadyText(why: NotReady | undefined, { identity }: CommonMessages): string | undefined {
  return why === undefined || why === 'loading' ? undefined : identity[why]
}
