'use client'
import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import type { ErrorOf, SubmitOptions } from '@org/sync-core'
import { useMemo } from 'react'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import { progressOf, type SyncProgress } from '../mutation-controller/followProgress.js'
import type { MutationController } from '../mutation-controller/MutationController.js'
import type { MutateOptions, MutationHandlers } from '../mutation-controller/MutationHandlers.js'
import { type ButtonPhase, isPendingPhase } from '../mutation-controller/phase.js'
import { useController } from './useController.js'
import { useSyncClient } from './useSyncClient.js'

export interface UseSyncMutationOptions<A extends AnyAction>
  extends MutationHandlers<A>,
    Pick<SubmitOptions, 'maxAttempts' | 'expiresAfterMs'> {
  action: A
  /**
   * Looks at everything submitted in this lane, by any component or tab, for example
   * `appointment:apt-123`. Without it the hook shows what it submitted itself.
   */
  scope?: { id: string }
  /** Asks first: `mutate` leads to the phase `confirming`, `confirm()` sends. @default false */
  confirm?: boolean
  /** Retries shown as attempts, after the first: `maxAttempts` less one. @default 4 */
  retry?: number
}

/** Named as TanStack Query's `useMutation`, and more. */
export interface SyncMutationResult<A extends AnyAction> {
  status: 'idle' | 'pending' | 'error' | 'success'
  isIdle: boolean
  isPending: boolean
  isError: boolean
  isSuccess: boolean
  /** Waits for the network, the service or the next attempt. */
  isPaused: boolean
  /** Attempts that came to nothing. */
  failureCount: number
  failureReason: ErrorOf<A> | null
  data: ResponseOf<A> | undefined
  error: ErrorOf<A> | null
  variables: RequestOf<A> | undefined
  /** Epoch ms of the click; 0 when there was none. */
  submittedAt: number

  /** The exact state; drives `data-state`. */
  phase: ButtonPhase
  /** Attempts begun. */
  attempt: number
  maxAttempts: number
  /** Epoch ms, when a next attempt is planned. */
  nextRetryAt: number | null
  progress: SyncProgress
  /** False until it is known who is signed in. */
  isReady: boolean
  /** The idempotency key. */
  mutationId: string | undefined

  mutate: (request: RequestOf<A>, options?: MutateOptions<A>) => void
  /**
   * Resolves with the answer when the mutation succeeds, however long that takes; with undefined when it is done but
   * its answer could not be read. Rejects with a `MutationFailure`, an `Error` with `code` and all else that
   * `onError` is told.
   */
  mutateAsync: (request: RequestOf<A>, options?: MutateOptions<A>) => Promise<ResponseOf<A> | undefined>
  /** Back to idle for this component alone; the mutation goes on. */
  reset: () => void
  /** Sends what is being asked about. */
  confirm: () => void
  /** Closes the question, or takes a settled mutation off the screen of all components. */
  dismiss: () => void
  /** Tries now what waits, or starts over what failed. */
  retryNow: () => void
  cancel: () => Promise<'cancelled' | 'already-done' | 'unreachable'>
}

/** Runs an action once a click: stored before it is sent, retried, shared by tabs and reloads. */
export function useSyncMutation<A extends AnyAction>(options: UseSyncMutationOptions<A>): SyncMutationResult<A> {
  const { action, scope, retry, ...handlers } = options
  const client = useSyncClient()
  const maxAttempts = handlers.maxAttempts ?? (retry === undefined ? undefined : retry + 1)
  const [controller, snapshot] = useController(client, action, scope?.id, () => ({ ...handlers, maxAttempts }))
  return useMemo(() => toResult(controller, snapshot), [controller, snapshot])
}

const NO_PROGRESS: SyncProgress = { attempt: 0, maxAttempts: 5, processed: 0, total: 1, failed: 0 }

function toResult<A extends AnyAction>(controller: MutationController<A>, snapshot: ControllerSnapshot<A>): SyncMutationResult<A> {
  const { view, phase, notReady, refusal } = snapshot
  const status = statusOf(phase)
  const failure = (refusal ?? view?.error ?? null) as ErrorOf<A> | null
  return {
    status,
    isIdle: status === 'idle',
    isPending: status === 'pending',
    isError: status === 'error',
    isSuccess: status === 'success',
    isPaused: phase === 'queued' || phase === 'circuit-open' || (status === 'pending' && view?.nextRetryAt != null),
    failureCount: view?.failures ?? 0,
    failureReason: failure,
    data: view?.data,
    error: status === 'error' ? failure : null,
    variables: snapshot.request,
    submittedAt: view?.submittedAt ?? 0,
    phase,
    attempt: view?.attempt ?? 0,
    maxAttempts: view?.maxAttempts ?? NO_PROGRESS.maxAttempts,
    nextRetryAt: view?.nextRetryAt ?? null,
    progress: view === undefined ? NO_PROGRESS : progressOf(view),
    isReady: notReady === undefined,
    mutationId: view?.id,
    mutate: controller.mutate,
    mutateAsync: controller.mutateAsync,
    reset: controller.reset,
    confirm: controller.confirm,
    dismiss: controller.dismiss,
    retryNow: controller.retryNow,
    cancel: controller.cancel,
  }
}

function statusOf(phase: ButtonPhase): SyncMutationResult<AnyAction>['status'] {
  if (phase === 'success') return 'success'
  if (isPendingPhase(phase)) return 'pending'
  return phase === 'idle' || phase === 'confirming' ? 'idle' : 'error'
}
