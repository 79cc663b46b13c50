import type { AnyAction } from '@org/contracts/client'
import { cloneElement, type ReactElement, type ReactNode, type Ref, version } from 'react'
import { attachRef } from './attachRef.js'
import type { CriticalButtonState, HostButtonProps, TriggerProps } from './CriticalButtonState.js'
import { joinClassNames } from './classNames.js'

/** What a `render` function is given: spread it on the button of your own, or pass on what that knows by other names. */
export type ButtonRenderProps = TriggerProps & { children: ReactNode }

/** What a `render` function may show beside. */
export type ButtonRenderState = Omit<CriticalButtonState<AnyAction>, 'getButtonProps' | 'parts' | 'Parts'>

/** A button of your own: an element that takes a button's props and ref, or a function of them. */
// biome-ignore lint/suspicious/noExplicitAny: an element of any component that knows what a button knows
export type ButtonRender = ReactElement<any> | ((props: ButtonRenderProps, state: ButtonRenderState) => ReactElement)

/** Our own button, or the host's in its place. */
export function renderTrigger(
  render: ButtonRender | undefined,
  button: CriticalButtonState<AnyAction>,
  host: HostButtonProps,
  children: ReactNode,
): ReactElement {
  if (render === undefined) return <button {...button.getButtonProps(host)}>{children}</button>
  if (typeof render === 'function') return render({ ...button.getButtonProps(host), children }, button)
  return cloneElement(render, button.getButtonProps(withOwnProps(host, render)), children)
}

/** The element's own props are the host's too: its handlers run, its classes and styles stay. */
function withOwnProps(host: HostButtonProps, element: ReactElement<HostButtonProps>): HostButtonProps {
  const own = element.props
  const merged: Record<string, unknown> = { ...own, ...host, ref: bothRefs(refOf(element), host.ref) }
  for (const [name, given] of Object.entries(host)) {
    if (typeof given !== 'function' || name === 'ref') continue
    const before = own[name as keyof HostButtonProps]
    if (typeof before === 'function') merged[name] = inTurn(before as Handler, given as Handler)
  }
  const { children: _, ...rest } = merged
  return { ...rest, className: joinClassNames(own.className, host.className) || undefined, style: { ...own.style, ...host.style } }
}

type Handler = (...args: unknown[]) => void

function inTurn(first: Handler, second: Handler): Handler {
  return (...args) => {
    first(...args)
    second(...args)
  }
}

// Until React 19 an element held its ref beside its props.
function refOf(element: ReactElement<HostButtonProps>): Ref<HTMLButtonElement> | undefined {
  return version.startsWith('18') ? (element as { ref?: Ref<HTMLButtonElement> }).ref : element.props.ref
}

type CleanRef = (node: HTMLButtonElement) => () => void

const joined = new WeakMap<object, WeakMap<object, CleanRef>>()

/** The same function for the same two, or React would take the element off and on at each rendering. */
function bothRefs(
  first: Ref<HTMLButtonElement> | undefined,
  second: Ref<HTMLButtonElement> | undefined,
): Ref<HTMLButtonElement> | undefined {
  if (!first || !second) return first ?? second
  const known = joined.get(first)?.get(second)
  if (known) return known
  const both: CleanRef = (node) => {
    const leave = [attachRef(first, node), attachRef(second, node)]
    return () => {
      for (const left of leave) left()
    }
  }
  joined.set(first, (joined.get(first) ?? new WeakMap()).set(second, both))
  return both as Ref<HTMLButtonElement>
}
