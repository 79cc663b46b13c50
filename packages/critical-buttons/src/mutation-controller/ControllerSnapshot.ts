import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import type { Identity, IdentityReason, MutationError, MutationView } from '@org/sync-core'
import type { ButtonPhase } from './phase.js'

/** Nobody is there to click for. `loading`: for no reason that is known yet. */
export type NotReady = IdentityReason | 'loading' | 'signed-out'

/** Why nothing can be clicked; undefined when somebody is there, however uncertain. Pure. */
export function notReadyFor(identity: Identity): NotReady | undefined {
  return 'actor' in identity ? undefined : identity.state === 'signed-out' ? 'signed-out' : (identity.reason ?? 'loading')
}

/** What a component renders from. Keeps its identity until something in it changed. */
export interface ControllerSnapshot<A extends AnyAction> {
  readonly phase: ButtonPhase
  /** Why nothing can be clicked: it is not known who is signed in, or nobody is. Undefined: it can. */
  readonly notReady: NotReady | undefined
  readonly view: MutationView<ResponseOf<A>> | undefined
  /** The request a person is being asked about. */
  readonly confirming: RequestOf<A> | undefined
  /** Why the last click was refused before it became a mutation. */
  readonly refusal: (MutationError & { click: { request: RequestOf<A> } }) | undefined
  /** What `phase` is about, and what confirming or trying again sends: every word is taken from this one. */
  readonly request: RequestOf<A> | undefined
  /** True when the last click repeated one that had just succeeded, so nothing was sent. */
  readonly repeated: boolean
}

/** The snapshot of a server rendering and of the first client rendering after it. */
export const IDLE_SNAPSHOT: ControllerSnapshot<AnyAction> = {
  phase: 'idle',
  notReady: 'loading',
  view: undefined,
  confirming: undefined,
  refusal: undefined,
  request: undefined,
  repeated: false,
}

/** The same object when nothing in it changed, so that nothing renders again. Pure. */
export function keepSnapshot<A extends AnyAction>(
  last: ControllerSnapshot<A>,
  next: Omit<ControllerSnapshot<A>, 'phase' | 'request'>,
): ControllerSnapshot<A> {
  const isSame =
    last.view === next.view &&
    last.notReady === next.notReady &&
    last.confirming === next.confirming &&
    last.refusal === next.refusal &&
    last.repeated === next.repeated
  if (isSame) return last
  const { confirming, refusal, view } = next
  // The open question first: an earlier ending may still stand behind it.
  const request = confirming ?? refusal?.click.request ?? (view?.request as RequestOf<A> | undefined)
  return { ...next, request, phase: confirming !== undefined ? 'confirming' : refusal !== undefined ? 'error' : (view?.phase ?? 'idle') }
}
