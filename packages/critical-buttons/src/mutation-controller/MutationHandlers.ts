import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import type { ErrorOf, MutationCallbacks, MutationView, SubmitOptions } from '@org/sync-core'
import type { SyncProgress } from './followProgress.js'

/** What a mutation's owner is told. The latest functions are called, also after the component is gone. */
export interface MutationHandlers<A extends AnyAction> {
  /** Called at the click, before anything is sent. */
  onMutate?: ((request: RequestOf<A>) => void) | undefined
  onSuccess?: ((data: ResponseOf<A>, mutation: MutationView<ResponseOf<A>>) => void) | undefined
  /**
   * Final, except that entering `circuit-open` calls it once with `willRetry: true`. `mutation` is
   * undefined when the click was refused before it became one.
   */
  onError?: ((error: ErrorOf<A>, mutation: MutationView<ResponseOf<A>> | undefined) => void) | undefined
  onSettled?: ((mutation: MutationView<ResponseOf<A>>) => void) | undefined
  onProgress?: ((progress: SyncProgress, mutation: MutationView<ResponseOf<A>>) => void) | undefined
}

/** Everything a controller is told by its owner. */
export interface ControllerOptions<A extends AnyAction>
  extends Partial<Pick<SubmitOptions, 'maxAttempts' | 'expiresAfterMs'>>,
    MutationHandlers<A> {
  /** Ask before sending: `mutate` then only opens the question, `confirm` sends. */
  confirm?: boolean | undefined
}

/** One click's own settings. */
export interface MutateOptions<A extends AnyAction> extends Pick<MutationHandlers<A>, 'onSuccess' | 'onError' | 'onSettled'> {
  /** Overrules the controller's `confirm` for this click. */
  confirm?: boolean
  /** The version of the row the person saw. */
  seenVersion?: number | undefined
  /** Meant once more, though the same has just succeeded. */
  again?: boolean | undefined
  /** Sent after what is being sent now, instead of being locked out by it: for what was chosen from something already open. */
  queue?: boolean
}

/** Calls the owner's handlers as they are by then, and those of the one click. */
export function callbacksOf<A extends AnyAction>(
  latest: () => ControllerOptions<A>,
  click: MutateOptions<A> = {},
): MutationCallbacks<ResponseOf<A>, ErrorOf<A>> {
  const tell =
    (name: keyof MutationCallbacks) =>
    (...news: unknown[]): void => {
      try {
        ;(latest()[name] as Told)?.(...news)
      } finally {
        // An owner that throws does not keep the news from the click.
        ;(click[name] as Told)?.(...news)
      }
    }
  return { onSuccess: tell('onSuccess'), onError: tell('onError'), onSettled: tell('onSettled') }
}

type Told = ((...news: unknown[]) => void) | undefined
