'use client'
import { FINAL_STATUS, type LeadRow, type LeadStatus, type LeadView, leadUpdateStatus, toLeadView, VALID_STATUSES } from '@org/contracts'
import type { MutationError } from '@org/sync-core'
import { type ComponentType, forwardRef, type KeyboardEvent, type Ref, useId, useState } from 'react'
import { ButtonFrame, useTriggerRef } from '../critical-button/ButtonFrame.js'
import { type ButtonClassNames, type ButtonSlots, buttonPreset, type CommonButtonProps } from '../critical-button/buttonProps.js'
import { ConfirmStep } from '../critical-button/ConfirmStep.js'
import { joinClassNames } from '../critical-button/classNames.js'
import { useButtonModel } from '../critical-button/useButtonModel.js'
import { useRow } from '../hooks/useRow.js'
import { useSyncClient } from '../hooks/useSyncClient.js'
import type { Messages } from '../messages/Messages.js'
import { isActivePhase } from '../mutation-controller/phase.js'
import { useEnvironment } from '../provider/environment.js'
import { confirmMessageFor, type StatusConfirmMessage } from './confirmMessageFor.js'
import { StatusMenu, type StatusMenuProps } from './StatusMenu.js'
import { chipLook, type StatusColors } from './statusColors.js'

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

/** Shows a lead's status and changes it: a menu button, so that no stray key changes anything. */
export const LeadStatusButton = forwardRef(function LeadStatusButton(props: LeadStatusButtonProps, ref: Ref<HTMLButtonElement>) {
  const { leadId, currentStatus, confirmMessage, statusColors, checkVersion = true, subject, classNames, slots, className, ...rest } = props
  const { announce, messages, maxAttempts, expiresAfterMs, onSuccess, onError, onSettled, onProgress, ...rest2 } = rest
  const { variant: _variant, confirm: _confirm, progress: _progress, disabled: _disabled, ...attributes } = rest2
  const preset = buttonPreset(props)
  const client = useSyncClient()
  const environment = useEnvironment()
  const triggerRef = useTriggerRef()
  const menuId = useId()
  const [menu, setMenu] = useState<'current' | 'last'>()

  const rowView = useRow(client, 'leads', leadId)
  const lead = rowView?.row as Partial<LeadRow> | undefined
  const status = lead?.status ?? currentStatus
  const colors = statusColors ?? environment.statusColors
  const look = chipLook(status, colors)
  const seenVersion = checkVersion ? rowView?.base?.version : undefined
  const name = subject ?? lead?.name

  const model = useButtonModel({
    client,
    environment,
    action: leadUpdateStatus,
    lane: `lead:${leadId}:status`,
    options: {
      maxAttempts,
      expiresAfterMs,
      onSettled,
      onError,
      onProgress,
      onSuccess: (data) => onSuccess?.(toLeadView(data.lead, environment.resolveUser)),
    },
    progress: preset.progress,
    announce,
    messages,
    words: { subject: name, status: undefined },
  })
  const { controller, snapshot } = model
  const target = snapshot.confirming?.status ?? (snapshot.view?.request as { status?: LeadStatus } | undefined)?.status ?? status
  const words = { subject: name, status: statusLabel(environment.messages, target) }
  const serverStatus = (model.error?.row as Partial<LeadRow> | undefined)?.status
  const shown: typeof model = {
    ...model,
    words,
    currentValue: serverStatus === undefined ? undefined : statusLabel(environment.messages, serverStatus),
  }
  const label = statusLabel(environment.messages, status)
  const isFinal = rowView?.base?.status === FINAL_STATUS || (rowView?.base === undefined && status === FINAL_STATUS)
  const Menu = slots?.StatusMenu ?? StatusMenu

  const choose = (next: LeadStatus) => {
    setMenu(undefined)
    if (next === status) return
    const asks = preset.confirm && confirmMessageFor(next, confirmMessage) !== undefined
    controller.mutate({ leadId, status: next }, { confirm: asks, seenVersion })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    rest.onKeyDown?.(event)
    if (event.defaultPrevented || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
    event.preventDefault()
    if (event.currentTarget.getAttribute('aria-disabled') !== 'true') setMenu(event.key === 'ArrowUp' ? 'last' : 'current')
  }
  const asked = confirmMessageFor(target, confirmMessage)

  return (
    <ButtonFrame
      ref={ref}
      component="LeadStatusButton"
      look="chip"
      model={shown}
      variant={preset.variant}
      disabled={preset.disabled || isFinal}
      isLocked={isActivePhase(snapshot.phase)}
      label={label}
      done={label}
      onPress={() => setMenu(menu === undefined ? 'current' : undefined)}
      attributes={{
        'aria-label': `${environment.messages.chooseStatus(name)}: ${label}`,
        ...attributes,
        className: joinClassNames(look.className, className),
        style: { ...look.style, ...rest.style },
        'data-status': status,
        'data-tone': look.tone,
        'aria-haspopup': 'menu',
        'aria-expanded': menu !== undefined,
        'aria-controls': menu === undefined ? undefined : menuId,
        onKeyDown,
      }}
      classNames={classNames}
      triggerRef={triggerRef}
    >
      {menu !== undefined && (
        <Menu
          id={menuId}
          label={environment.messages.chooseStatus(name)}
          options={VALID_STATUSES.map(({ value }) => ({
            value,
            label: statusLabel(environment.messages, value),
            look: chipLook(value, colors),
          }))}
          current={status}
          focusOn={menu}
          triggerRef={triggerRef}
          onSelect={choose}
          onClose={() => setMenu(undefined)}
          className={classNames?.menu}
        />
      )}
      {preset.confirm && (
        <ConfirmStep
          model={shown}
          message={typeof asked === 'string' ? asked : model.actionMessages.confirmMessage(words)}
          version={rowView?.base?.version}
          triggerRef={triggerRef}
          slots={slots}
          className={classNames?.dialog}
        />
      )}
    </ButtonFrame>
  )
})

function statusLabel(messages: Messages, status: LeadStatus): string {
  return messages.statuses[status] ?? VALID_STATUSES.find((entry) => entry.value === status)?.label ?? status
}
