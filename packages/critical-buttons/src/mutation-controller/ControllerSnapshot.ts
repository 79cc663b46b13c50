import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import type { ErrorOf, Identity, IdentityReason, MutationView } from '@org/sync-core'
import type { MutateOptions } from './MutationHandlers.js'
import type { ButtonPhase } from './phase.js'

/** Nobody is there to click for. `loading`: for no reason that is known yet. */
export type NotReady = IdentityReason | 'loading' | 'signed-out'

/** Why nothing can be clicked; undefined when somebody is there, however uncertain. Pure. */
export function notReadyFor(identity: Identity): NotReady | undefined {
  return 'actor' in identity ? undefined : identity.state === 'signed-out' ? 'signed-out' : (identity.reason ?? 'loading')
}

export interface Click<A extends AnyAction> {
  request: RequestOf<A>
  options: MutateOptions<A>
}

/** What the component alone knows of the last click. Each is true at most until the next one. */
export interface Moment<A extends AnyAction> {
  /** A person is being asked about it. */
  question?: Click<A> | undefined
  /** It was refused before it became a mutation; without a click: the mutation looked at could not be tried again. */
  refused?: { click: Click<A> | undefined; error: ErrorOf<A> }
  /** It repeated the mutation of this id, which had just succeeded, so nothing was sent. */
  repeated?: string | false
  /** It was made while nobody was there to click for, so that the reason is worth saying. */
  inVain?: boolean
}

/** What a component renders from. Keeps its identity until something in it changed. */
export interface ControllerSnapshot<A extends AnyAction> {
  readonly phase: ButtonPhase
  /** The phase as a person sees it, a little later than `phase` where that would flicker. */
  readonly shown: ButtonPhase
  /** Why nothing can be clicked: it is not known who is signed in, or nobody is. Undefined: it can. */
  readonly notReady: NotReady | undefined
  readonly view: MutationView<ResponseOf<A>> | undefined
  /** Why the last click was refused before it became a mutation. */
  readonly refusal: ErrorOf<A> | undefined
  /** What `phase` is about, and what confirming or trying again sends: every word is taken from this one. */
  readonly request: RequestOf<A> | undefined
  /** True when the last click repeated one that had just succeeded, so nothing was sent: this client or the server says so. */
  readonly repeated: boolean
  /** True when the last click came while it was not ready. */
  readonly inVain: boolean
}

/** True when the server says that this click is one that somebody else had made just before. Pure. */
export function isDuplicate(view: MutationView | undefined): boolean {
  return view?.phase === 'success' && (view.data as { duplicate?: unknown } | undefined)?.duplicate === true
}

/** The snapshot of a server rendering and of the first client rendering after it. */
export const IDLE_SNAPSHOT: ControllerSnapshot<AnyAction> = snapshotOf({}, 'loading', undefined, 'idle')

/** The true phase. Pure. */
export function phaseOf({ question, refused }: Moment<AnyAction>, view: MutationView | undefined): ButtonPhase {
  return question ? 'confirming' : refused ? 'error' : (view?.phase ?? 'idle')
}

/** What a moment looks like. Pure. */
export function snapshotOf<A extends AnyAction>(
  moment: Moment<A>,
  notReady: NotReady | undefined,
  view: MutationView<ResponseOf<A>> | undefined,
  shown: ButtonPhase,
): ControllerSnapshot<A> {
  const { question, refused, repeated, inVain = false } = moment
  // The open question first: an earlier ending may still stand behind it.
  const click = question ?? refused?.click
  return {
    phase: phaseOf(moment, view),
    shown,
    notReady,
    view,
    refusal: refused?.error,
    request: click ? click.request : (view?.request as RequestOf<A> | undefined),
    // Of a newer one of its lane it is not true.
    repeated: (!!repeated && repeated === view?.id) || isDuplicate(view),
    inVain: inVain && notReady !== undefined,
  }
}
