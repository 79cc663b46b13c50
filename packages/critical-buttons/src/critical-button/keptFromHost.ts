import type { DOMAttributes, KeyboardEvent, SyntheticEvent } from 'react'

/**
 * Clicks and the keys that click belong to the button alone: the row, menu item or link around it hears none of them, or
 * it would open, close or lead away as well. Arrows, Tab, Home and End pass, because grids move by them.
 *
 * Only React's way up is cut. What listens at the document goes on hearing, so that an open menu elsewhere still closes.
 */
export function keepFromHost(event: SyntheticEvent): void {
  event.isPropagationStopped = () => true
}

function keepPressing(event: KeyboardEvent): void {
  if (event.key === 'Enter' || event.key === ' ') keepFromHost(event)
}

type Handlers = Pick<
  DOMAttributes<HTMLElement>,
  'onDoubleClick' | 'onAuxClick' | 'onPointerDown' | 'onPointerUp' | 'onMouseDown' | 'onMouseUp' | 'onKeyDown' | 'onKeyUp'
>

/** For a trigger; its clicks it keeps by itself. */
const OF_TRIGGER: Required<Handlers> = {
  onDoubleClick: keepFromHost,
  onAuxClick: keepFromHost,
  onPointerDown: keepFromHost,
  onPointerUp: keepFromHost,
  onMouseDown: keepFromHost,
  onMouseUp: keepFromHost,
  onKeyDown: keepPressing,
  onKeyUp: keepPressing,
}

/** For a line of text and controls beside it. */
export const KEPT = { ...OF_TRIGGER, onClick: keepFromHost }

/** For what is open in front of the host: no key at all is the host's. */
export const KEPT_WHOLLY = { ...KEPT, onKeyDown: keepFromHost, onKeyUp: keepFromHost }

const NAMES = Object.keys(OF_TRIGGER) as (keyof Handlers)[]

/** The handlers of a trigger: the host's own props first. */
export function triggerHandlers(own: Handlers): Handlers {
  let handlers: Handlers = OF_TRIGGER
  for (const name of NAMES) {
    const given = own[name] as ((event: SyntheticEvent) => void) | undefined
    if (given === undefined) continue
    const keep = OF_TRIGGER[name] as (event: SyntheticEvent) => void
    const both = (event: SyntheticEvent) => {
      given(event)
      keep(event)
    }
    handlers = { ...handlers, [name]: both }
  }
  return handlers
}
