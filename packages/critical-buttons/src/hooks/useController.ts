'use client'
import type { AnyAction } from '@org/contracts/client'
import type { SyncClient } from '@org/sync-core'
import { useInsertionEffect, useMemo, useSyncExternalStore } from 'react'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import { type Lag, MutationController } from '../mutation-controller/MutationController.js'
import type { ControllerOptions } from '../mutation-controller/MutationHandlers.js'

/** What a controller does for a button besides. */
export interface ButtonSide {
  /** The same function at every rendering. */
  lag: Lag
  /** Called after each rendering. */
  onShown: () => void
}

/**
 * One controller for as long as client, action and lane stay the same.
 * @param lane see MutationController; undefined shows what this component submitted itself
 * @param optionsOf what the controller is told, asked for when it is needed
 * @param button for a button, whose phases lag (see MutationController)
 */
export function useController<A extends AnyAction>(
  client: SyncClient,
  action: A,
  lane: string | undefined,
  optionsOf: () => ControllerOptions<A>,
  button?: ButtonSide,
): [controller: MutationController<A>, snapshot: ControllerSnapshot<A>] {
  const lag = button?.lag
  const controller = useMemo(() => new MutationController(client, action, lane, lag), [client, action, lane, lag])
  // Not while rendering: a rendering that React throws away must not change what a click calls. And in the one kind
  // of effect that costs nothing where the document changes anyway, because a row may stand among ten thousand.
  useInsertionEffect(() => {
    controller.optionsOf = optionsOf
    button?.onShown()
  })
  // Also while hydrating: the client is the idle one then, and knows as little as the server did.
  const snapshot = useSyncExternalStore(controller.subscribe, controller.getSnapshot, controller.getSnapshot)
  return [controller, snapshot]
}
