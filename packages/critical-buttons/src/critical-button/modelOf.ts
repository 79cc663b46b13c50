import type { AnyAction, RequestOf } from '@org/contracts/client'
import { announceInDocument } from '../announcer/announce.js'
import type { ButtonModel } from './ButtonModel.js'
import type { ButtonMoment } from './ButtonMoment.js'
import type { Face } from './faceOf.js'

/** What the parts beside the button share. */
export function modelOf<A extends AnyAction>(moment: ButtonMoment<A>, face: Face<A>): unknown {
  const { surroundings, options, preset, request, trigger, controller, snapshot } = moment
  const { environment } = surroundings
  const { announce, confirmMessage, currentValue, details, retryFailed, sendAgain, onAlreadyDone } = options
  const { shown, say, words, isDescribed } = face
  const { error } = shown
  const sent = (snapshot.request ?? request) as RequestOf<A>
  const asked = typeof confirmMessage === 'function' ? confirmMessage(snapshot.request) : confirmMessage
  const model: ButtonModel<A> = {
    ...surroundings,
    say,
    words,
    error,
    isOff: preset.disabled,
    why: isDescribed ? face.why : undefined,
    options,
    trigger,
    controller,
    snapshot,
    announce: announce === false ? ignore : (announce ?? environment.announce ?? announceInDocument),
    nameOf: environment.nameOf,
    progress: preset.progress,
    question: asked ?? say.confirmMessage(words),
    currentValue: error?.row && currentValue?.(error.row),
    details: snapshot.phase === 'partial' && error && details?.(error),
    retryFailed: retryFailed && (() => error && controller.mutate(retryFailed(sent, error), { confirm: false })),
    sendAgain: sendAgain && (() => controller.mutate(sendAgain(sent), { again: true, confirm: false })),
    onAlreadyDone: (options.isAlreadyDone ?? options.isDone) ? onAlreadyDone : undefined,
  }
  return model
}

function ignore(): void {}
