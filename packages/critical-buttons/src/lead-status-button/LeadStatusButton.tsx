'use client'
import {
  FINAL_STATUS,
  type LeadRow,
  type LeadStatus,
  type LeadView,
  leadUpdateStatus,
  toLeadView,
  VALID_STATUSES,
} from '@org/contracts/client'
import type { ErrorOf, MutationView } from '@org/sync-core'
import { type ComponentType, forwardRef, type KeyboardEvent, type Ref, useState } from 'react'
import { ActionButton } from '../critical-button/ActionButton.js'
import type { ButtonData, ButtonKind, Surroundings } from '../critical-button/ButtonKind.js'
import { type ButtonClassNames, type ButtonSlots, buttonPreset, type CommonButtonProps } from '../critical-button/buttonProps.js'
import { Icon } from '../critical-button/Icon.js'
import { useRow } from '../hooks/useRow.js'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import { confirmMessageFor, type StatusConfirmMessage } from './confirmMessageFor.js'
import { leadStatusWords } from './leadStatusWords.js'
import { StatusMenu, type StatusMenuProps } from './StatusMenu.js'
import { chipLook, type StatusColors } from './statusColors.js'
import { statusLabel } from './statusLabel.js'

export interface LeadStatusButtonProps
  extends Omit<
    CommonButtonProps<LeadView, ErrorOf<typeof leadUpdateStatus>>,
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
  return <ActionButton kind={statusKind} props={props} hostRef={ref} />
})

type MenuFocus = 'current' | 'last'

interface StatusData extends ButtonData<typeof leadUpdateStatus> {
  host: Omit<LeadStatusButtonProps, 'leadId' | 'currentStatus' | 'statusColors' | 'checkVersion' | 'confirmMessage'>
  questions: StatusConfirmMessage | undefined
  leadId: string
  /** What is shown: the row's, pending changes folded in. */
  status: LeadStatus
  base: Partial<LeadRow> | undefined
  checkVersion: boolean
  menu: MenuFocus | undefined
  setMenu: (menu: MenuFocus | undefined) => void
  surroundings: Surroundings
  colors: StatusColors | undefined
}

/** A mutation that this button does not show by itself has not taken effect yet: a bulk change of this row. */
function waitsElsewhere(view: MutationView | undefined): boolean {
  return view !== undefined && !view.settled && view.actionName !== leadUpdateStatus.name
}

const OPENS: Readonly<Record<string, MenuFocus>> = { ArrowDown: 'current', ArrowUp: 'last' }

const statusKind: ButtonKind<LeadStatusButtonProps, typeof leadUpdateStatus, StatusData> = {
  component: 'LeadStatusButton',
  look: 'chip',
  english: leadStatusWords,
  useData({ leadId, currentStatus, statusColors, checkVersion = true, confirmMessage, ...host }, surroundings) {
    const { client, environment, messages } = surroundings
    const [menu, setMenu] = useState<MenuFocus>()
    const rowView = useRow(client, 'leads', leadId)
    const lead = rowView?.row as Partial<LeadRow> | undefined
    const base = rowView?.base as Partial<LeadRow> | undefined
    const status = lead?.status ?? currentStatus
    const subject = host.subject ?? lead?.name
    const colors = statusColors ?? environment.statusColors
    const { tone, className, style } = chipLook(status, colors)
    const label = statusLabel(messages, status)
    const isWaiting = rowView?.pendingIds.some((id) => waitsElsewhere(client.getMutation(id)))
    return {
      host,
      questions: confirmMessage,
      action: leadUpdateStatus,
      lane: `lead:${leadId}:status`,
      seenVersion: base?.version,
      isDisabled: (base?.status ?? status) === FINAL_STATUS,
      isOpen: menu !== undefined,
      label: isWaiting ? (
        <>
          <Icon name="clock" />
          {label}
        </>
      ) : (
        label
      ),
      attributes: {
        'aria-label': host['aria-label'] ?? `${messages.chooseStatus(subject)}: ${label}`,
        className,
        style: style ? { ...style, ...host.style } : host.style,
        'data-status': status,
        'data-tone': tone,
        'data-waiting': isWaiting || undefined,
        'aria-haspopup': 'menu',
        'aria-expanded': menu !== undefined,
        'aria-controls': menu && menuIdOf(surroundings),
        onKeyDown(event: KeyboardEvent<HTMLButtonElement>) {
          host.onKeyDown?.(event)
          const where = OPENS[event.key]
          if (where === undefined || event.defaultPrevented) return
          event.preventDefault()
          if (!event.currentTarget.ariaDisabled) setMenu(where)
        },
      },
      leadId,
      status,
      subject,
      base,
      checkVersion,
      menu,
      setMenu,
      surroundings,
      colors,
    }
  },
  wordsOf(data, snapshot) {
    const target = targetOf(data, snapshot)
    return { subject: data.subject, status: statusLabel(data.surroundings.messages, target), isFinal: target === FINAL_STATUS }
  },
  resultOf: ({ surroundings }, { lead }) => toLeadView(lead, surroundings.environment.resolveUser),
  question(data, snapshot) {
    const question = confirmMessageFor(targetOf(data, snapshot), data.questions)
    return question === true ? undefined : question
  },
  extend({ base }, { error, messages, nameOf }) {
    const now = (error?.row as Partial<LeadRow> | undefined)?.status
    const by = base?.updated_by ? nameOf(base.updated_by) : undefined
    return {
      currentValue: now && statusLabel(messages, now),
      change: base?.status && messages.changedTo(statusLabel(messages, base.status), by),
    }
  },
  // A press opens the menu; only a choice in it makes a request.
  onPress: ({ menu, setMenu }) => setMenu(menu ? undefined : 'current'),
  children(data, { controller, messages, triggerRef }) {
    const { host, questions, leadId, status, menu, setMenu, colors, base, checkVersion } = data
    if (menu === undefined) return null
    const Menu = host.slots?.StatusMenu ?? StatusMenu
    const choose = (next: LeadStatus) => {
      setMenu(undefined)
      if (next === status) return
      const confirm = buttonPreset(host).confirm && confirmMessageFor(next, questions) !== undefined
      // Another tab may have begun to send since the menu opened: this choice comes after it.
      controller.mutate({ leadId, status: next }, { confirm, queue: true, seenVersion: checkVersion ? base?.version : undefined })
    }
    return (
      <Menu
        id={menuIdOf(data.surroundings)}
        label={messages.chooseStatus(data.subject)}
        options={VALID_STATUSES.map(({ value }) => ({ value, label: statusLabel(messages, value), look: chipLook(value, colors) }))}
        current={status}
        focusOn={menu}
        triggerRef={triggerRef}
        onSelect={choose}
        onClose={() => setMenu(undefined)}
        className={host.classNames?.menu}
      />
    )
  },
}

function menuIdOf({ id }: Surroundings): string {
  return `${id}menu`
}

/** The status being asked about or on its way, else the one shown. */
function targetOf({ status }: StatusData, { request }: ControllerSnapshot<typeof leadUpdateStatus>): LeadStatus {
  return request?.status ?? status
}
