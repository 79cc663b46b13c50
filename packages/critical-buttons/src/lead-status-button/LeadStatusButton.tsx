'use client'
import { FINAL_STATUS, type LeadRow, type LeadStatus, type LeadView, leadUpdateStatus, toLeadView, VALID_STATUSES } from '@org/contracts'
import type { MutationError } from '@org/sync-core'
import { type ComponentType, forwardRef, type KeyboardEvent, type Ref, useState } from 'react'
import { ActionButton, type ActionButtonSetup, type Surroundings } from '../critical-button/ActionButton.js'
import type { ButtonModel } from '../critical-button/ButtonModel.js'
import { type ButtonClassNames, type ButtonSlots, buttonPreset, type CommonButtonProps } from '../critical-button/buttonProps.js'
import { useRow } from '../hooks/useRow.js'
import { isSendingPhase } from '../mutation-controller/phase.js'
import { confirmMessageFor, type StatusConfirmMessage } from './confirmMessageFor.js'
import { leadStatusWords } from './leadStatusWords.js'
import { StatusMenu, type StatusMenuProps } from './StatusMenu.js'
import { chipLook, type StatusColors } from './statusColors.js'
import { statusLabel } from './statusLabel.js'

export interface LeadStatusButtonProps
  extends Omit<
    CommonButtonProps<LeadView, MutationError>,
    'children' | 'slots' | 'classNames' | 'aria-haspopup' | 'aria-expanded' | 'aria-controls'
  > {
  leadId: string
  /** Shown until the lead's row is known; a row with a version wins over it. */
  currentStatus: LeadStatus
  /**
   * The questions of `with-confirm`: one text asks always, an object asks for the statuses it names.
   * @default asks for won and lost
   */
  confirmMessage?: StatusConfirmMessage
  /** Own colours for single statuses. @default the provider's */
  statusColors?: StatusColors
  /** Refuses when someone else changed the lead since it was shown, instead of overwriting. @default true */
  checkVersion?: boolean
  classNames?: ButtonClassNames & { menu?: string }
  slots?: ButtonSlots & { StatusMenu?: ComponentType<StatusMenuProps> }
}

type Model = ButtonModel<typeof leadUpdateStatus>

/** Shows a lead's status and changes it: a menu button, so that no stray key changes anything. */
export const LeadStatusButton = forwardRef(function LeadStatusButton(props: LeadStatusButtonProps, ref: Ref<HTMLButtonElement>) {
  return <ActionButton props={props} hostRef={ref} useSetup={useStatusSetup} />
})

const OPENS: Readonly<Record<string, 'current' | 'last'>> = { ArrowDown: 'current', ArrowUp: 'last' }

function useStatusSetup(props: LeadStatusButtonProps, { client, environment, messages }: Surroundings) {
  const { leadId, currentStatus, statusColors, checkVersion = true, ...host } = props
  const { confirmMessage, classNames, slots } = host
  const [menu, setMenu] = useState<'current' | 'last'>()

  const rowView = useRow(client, 'leads', leadId)
  const lead = rowView?.row as Partial<LeadRow> | undefined
  const base = rowView?.base as Partial<LeadRow> | undefined
  const status = lead?.status ?? currentStatus
  const subject = host.subject ?? lead?.name
  const colors = statusColors ?? environment.statusColors
  const { tone, className, style } = chipLook(status, colors)
  const labelOf = (value: LeadStatus) => statusLabel(messages, value)
  const label = labelOf(status)
  const menuLabel = messages.chooseStatus(subject)
  const targetOf = ({ confirming, view }: Model['snapshot']) =>
    (confirming ?? (view?.request as { status: LeadStatus } | undefined))?.status ?? status

  const choose = (model: Model, next: LeadStatus) => {
    setMenu(undefined)
    if (next === status) return
    const confirm = buttonPreset(host).confirm && confirmMessageFor(next, confirmMessage) !== undefined
    model.controller.mutate({ leadId, status: next }, { confirm, seenVersion: checkVersion ? base?.version : undefined })
  }
  const Menu = slots?.StatusMenu ?? StatusMenu

  const setup: ActionButtonSetup<typeof leadUpdateStatus> = {
    component: 'LeadStatusButton',
    look: 'chip',
    host,
    action: leadUpdateStatus,
    lane: `lead:${leadId}:status`,
    english: leadStatusWords,
    requestOf: () => ({ leadId, status }),
    isLocked: ({ snapshot }) => isSendingPhase(snapshot.phase),
    isDisabled: (base?.status ?? status) === FINAL_STATUS,
    wordsOf: (snapshot) => ({ subject, status: labelOf(targetOf(snapshot)) }),
    onSuccess: (data) => host.onSuccess?.(toLeadView(data.lead, environment.resolveUser)),
    onError: (error) => host.onError?.(error),
    seenVersion: base?.version,
    question: (snapshot) => {
      const question = confirmMessageFor(targetOf(snapshot), confirmMessage)
      return question === true ? undefined : question
    },
    extend: ({ error, nameOf }) => {
      const now = (error?.row as Partial<LeadRow> | undefined)?.status
      const change = base?.status && messages.changedTo(labelOf(base.status), base.updated_by ? nameOf(base.updated_by) : undefined)
      return { currentValue: now && labelOf(now), change }
    },
    label,
    done: label,
    onPress: () => setMenu(menu ? undefined : 'current'),
    attributes: {
      'aria-label': host['aria-label'] ?? `${menuLabel}: ${label}`,
      className,
      style: style ? { ...style, ...host.style } : host.style,
      'data-status': status,
      'data-tone': tone,
      'aria-haspopup': 'menu',
      'aria-expanded': menu !== undefined,
      onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => {
        host.onKeyDown?.(event)
        const where = OPENS[event.key]
        if (where === undefined || event.defaultPrevented) return
        event.preventDefault()
        if (!event.currentTarget.ariaDisabled) setMenu(where)
      },
    },
    children: (model) =>
      menu && (
        <Menu
          label={menuLabel}
          options={VALID_STATUSES.map(({ value }) => ({ value, label: labelOf(value), look: chipLook(value, colors) }))}
          current={status}
          focusOn={menu}
          triggerRef={model.triggerRef}
          onSelect={(next) => choose(model, next)}
          onClose={() => setMenu(undefined)}
          className={classNames?.menu}
        />
      ),
  }
  return setup
}
