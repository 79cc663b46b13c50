'use client'
import type { AnyAction } from '@org/contracts'
import type { SyncClient } from '@org/sync-core'
import type { Announce } from '../announcer/announce.js'
import { useController } from '../hooks/useController.js'
import type { ActionMessages, Words } from '../messages/Messages.js'
import { actionMessages } from '../messages/mergeMessages.js'
import type { ControllerOptions } from '../mutation-controller/MutationHandlers.js'
import type { Environment } from '../provider/environment.js'
import type { ButtonModel } from './ButtonModel.js'

export interface ButtonModelSetup<A extends AnyAction> {
  client: SyncClient
  environment: Environment
  action: A
  /** See `useController`. */
  lane: string | undefined
  options: ControllerOptions<A>
  progress: boolean
  announce: Announce | false | undefined
  messages: Partial<ActionMessages> | undefined
  words: Words
}

const silence: Announce = () => {}

/** Puts together what all parts of one button share. */
export function useButtonModel<A extends AnyAction>(setup: ButtonModelSetup<A>): ButtonModel<A> {
  const { client, environment, action, lane, options, announce } = setup
  const [controller, snapshot] = useController(client, action, lane, options)
  const known = actionMessages(environment.messages, action.name)
  return {
    client,
    controller,
    snapshot,
    error: snapshot.refusal ?? snapshot.view?.error,
    messages: environment.messages,
    actionMessages: setup.messages === undefined ? known : { ...known, ...setup.messages },
    words: setup.words,
    announce: announce === false ? silence : (announce ?? environment.announce),
    resolveUser: environment.resolveUser,
    progress: setup.progress,
  }
}
