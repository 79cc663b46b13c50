import type { MutationView } from '@org/sync-core'
import type { ButtonHTMLAttributes, ComponentType, ReactElement, ReactNode } from 'react'
import type { Announce } from '../announcer/announce.js'
import type { ActionMessages } from '../messages/Messages.js'
import type { SyncProgress } from '../mutation-controller/followProgress.js'
import type { ConfirmDialogProps } from './ConfirmDialog.js'
import type { ButtonRender } from './renderTrigger.js'

/** A preset over `confirm`, `progress` and `disabled`, each of which may be set by itself too. */
export type ButtonVariant = 'default' | 'with-confirm' | 'with-progress' | 'disabled'

/** `danger` is for what destroys; `quiet` has neither background nor border at rest. */
export type ButtonLook = 'solid' | 'outline' | 'quiet' | 'danger'

/** Heights of 28, 36 and 44 px by default. */
export type ButtonSize = 'sm' | 'md' | 'lg'

/** `line`: below the button. `compact`: a sign beside it that opens the words, so that a table row keeps its height. `none`: yours to show. */
export type StatusDisplay = 'line' | 'compact' | 'none'

/** Class names by part, beside `className`, which goes to the button itself. */
export interface ButtonClassNames {
  /** The wrapper of button, progress and status line. */
  root?: string
  button?: string
  icon?: string
  label?: string
  progress?: string
  status?: string
  dialog?: string
}

export interface ButtonSlots {
  /** Replaces the native dialog. It must call `onConfirm` or `onCancel`, and return the focus to `triggerRef`. */
  ConfirmDialog?: ComponentType<ConfirmDialogProps>
}

/** How a button behaves and is spoken of, whoever renders it. */
export interface BehaviourOptions {
  /** @default 'default' */
  variant?: ButtonVariant | undefined
  /** Asks before sending. @default true for `with-confirm` */
  confirm?: boolean | undefined
  /** Shows attempts or rows under the button while it works. @default true for `with-progress` */
  progress?: boolean | undefined
  /** Stays focusable and says so to screen readers. @default true for `disabled` */
  disabled?: boolean | undefined
  /** Whom or what it is about, for announcements and dialogs. @default the row's name or title, when it is known */
  subject?: string | undefined
  /** Attempts shown as "n of m"; afterwards the background goes on. Integer ≥ 1. @default 5 */
  maxAttempts?: number | undefined
  /** Not carried out later than this after the click; lowers the action's ttl. Milliseconds > 0. */
  expiresAfterMs?: number | undefined
  /** Shows a drawing alone; the label is its accessible name and its title. @default false */
  iconOnly?: boolean | undefined
  /** Where it is said how things stand. @default 'line' */
  status?: StatusDisplay | undefined
  /** Own live region, or false for none. @default the provider's */
  announce?: Announce | false | undefined
  /** This button's own words. */
  messages?: Partial<ActionMessages> | undefined
  classNames?: ButtonClassNames | undefined
  slots?: ButtonSlots | undefined
}

/** How our own button looks. */
export interface LookOptions {
  /** @default 'solid' */
  look?: ButtonLook
  /** @default 'md' */
  size?: ButtonSize
  /** As wide as what it is in. @default false */
  fullWidth?: boolean
}

type NativeProps = Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'onError' | 'onProgress' | 'children' | 'disabled' | 'type' | 'form' | 'formAction' | 'name' | 'value' | 'aria-disabled' | 'aria-busy'
>

/** What all critical buttons take. `Data` and `Failure` are what their callbacks are given. */
export interface CommonButtonProps<Data, Failure, Progress = SyncProgress> extends NativeProps, BehaviourOptions, LookOptions {
  /** Called at most once a click, also after the button is gone. */
  onSuccess?: (data: Data) => void
  /** Final, except that an open circuit calls it once with `willRetry: true`. */
  onError?: (error: Failure) => void
  /** Called last, whatever the ending. */
  onSettled?: (mutation: MutationView) => void
  /** Called when an attempt begins or rows were processed. */
  onProgress?: (progress: Progress) => void
  /** Ours: `disabled` says it to everyone. */
  'aria-disabled'?: never
  /** Never: it would silence what is said about the click. */
  'aria-busy'?: never
  /** A button of your own instead of ours: an element that is given the props, or a function of them and the state. */
  render?: ButtonRender
  /** The label at rest; with `iconOnly` the drawing at rest. @default from the message catalogue */
  children?: ReactNode
}

/** What a variant and single settings come to. Settings win over the preset. Pure. */
export function buttonPreset(props: Pick<BehaviourOptions, 'variant' | 'confirm' | 'progress' | 'disabled'>): {
  variant: ButtonVariant
  confirm: boolean
  progress: boolean
  disabled: boolean
} {
  const { variant = 'default' } = props
  return {
    variant,
    confirm: props.confirm ?? variant === 'with-confirm',
    progress: props.progress ?? variant === 'with-progress',
    disabled: props.disabled ?? variant === 'disabled',
  }
}

/** The props of any critical button, whatever its callbacks are given: what the shared parts see. */
export type AnyButtonProps = CommonButtonProps<never, never> & {
  type?: 'button' | 'submit'
  confirmMessage?: string
  onAlreadyDone?: (record: never) => void
}

/** What a button is told for itself, and its element is not. */
const OURS: ReadonlySet<string> = new Set<keyof AnyButtonProps>(
  // biome-ignore format: one list, not one name a line
  ['variant', 'confirm', 'progress', 'disabled', 'subject', 'maxAttempts', 'expiresAfterMs', 'iconOnly', 'status', 'announce', 'messages', 'classNames', 'slots', 'look', 'size', 'fullWidth', 'onSuccess', 'onError', 'onSettled', 'onProgress', 'onAlreadyDone', 'confirmMessage', 'render', 'children', 'className'],
)

/** What is left for the `<button>` itself. A loop, because a row is given few of them, and thousands of rows are mounted at once. */
export function nativePropsOf(props: AnyButtonProps): NativeProps & { type?: 'button' | 'submit' } {
  const native: Record<string, unknown> = {}
  for (const name in props) if (!OURS.has(name)) native[name] = props[name as keyof AnyButtonProps]
  return native
}

/** Children that are nothing but text, as one string: whatever else a page puts around single texts then does no harm. Pure. */
export function plainText(children: ReactNode): string | undefined {
  const parts = Array.isArray(children) ? children : [children]
  const isText = (part: ReactNode) => typeof part === 'string' || typeof part === 'number'
  return parts.every((part) => isText(part) || part == null || typeof part === 'boolean') && parts.some(isText)
    ? parts.filter(isText).join('')
    : undefined
}

/** All text in a node, by which one is told from the other. Pure. */
export function textIn(node: ReactNode): string {
  if (Array.isArray(node)) return node.map(textIn).join('')
  if (typeof node === 'object' && node !== null && 'props' in node)
    return textIn((node as ReactElement<{ children?: ReactNode }>).props.children)
  return typeof node === 'string' || typeof node === 'number' ? String(node) : ''
}
