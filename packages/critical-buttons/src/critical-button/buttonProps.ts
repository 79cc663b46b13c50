import type { MutationView } from '@org/sync-core'
import type { ButtonHTMLAttributes, ComponentType, ReactNode } from 'react'
import type { Announce } from '../announcer/announce.js'
import type { ActionMessages } from '../messages/Messages.js'
import type { SyncProgress } from '../mutation-controller/followProgress.js'
import type { ConfirmDialogProps } from './ConfirmDialog.js'

/** A preset over `confirm`, `progress` and `disabled`, each of which may be set by itself too. */
export type ButtonVariant = 'default' | 'with-confirm' | 'with-progress' | 'disabled'

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

type NativeProps = Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'onError' | 'onProgress' | 'children' | 'disabled' | 'type' | 'form' | 'formAction' | 'name' | 'value' | 'aria-disabled' | 'aria-busy'
>

/** What all critical buttons take. `Data` and `Failure` are what their callbacks are given. */
export interface CommonButtonProps<Data, Failure, Progress = SyncProgress> extends NativeProps {
  /** @default 'default' */
  variant?: ButtonVariant
  /** Asks before sending. @default true for `with-confirm` */
  confirm?: boolean
  /** Shows attempts or rows under the button while it works. @default true for `with-progress` */
  progress?: boolean
  /** Stays focusable and says so to screen readers. @default true for `disabled` */
  disabled?: boolean
  /** Called at most once a click, also after the button is gone. */
  onSuccess?: (data: Data) => void
  /** Final, except that an open circuit calls it once with `willRetry: true`. */
  onError?: (error: Failure) => void
  /** Called last, whatever the ending. */
  onSettled?: (mutation: MutationView) => void
  /** Called when an attempt begins or rows were processed. */
  onProgress?: (progress: Progress) => void
  /** Whom or what it is about, for announcements and dialogs. @default the row's name or title, when it is known */
  subject?: string
  /** Attempts shown as "n of m"; afterwards the background goes on. Integer ≥ 1. @default 5 */
  maxAttempts?: number
  /** Not carried out later than this after the click; lowers the action's ttl. Milliseconds > 0. */
  expiresAfterMs?: number
  /** Ours: `disabled` says it to everyone. */
  'aria-disabled'?: never
  /** Never: it would silence what is said about the click. */
  'aria-busy'?: never
  /** Own live region, or false for none. @default the provider's */
  announce?: Announce | false
  /** This button's own words. */
  messages?: Partial<ActionMessages>
  classNames?: ButtonClassNames
  slots?: ButtonSlots
  /** The label at rest. @default from the message catalogue */
  children?: ReactNode
}

/** What a variant and single settings come to. Settings win over the preset. Pure. */
export function buttonPreset(props: { variant?: ButtonVariant; confirm?: boolean; progress?: boolean; disabled?: boolean }): {
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
}
