'use client'
import { type LeadRow, type LeadStatus, type LeadView, leadUpdateStatus, toLeadView } from '@org/contracts/client'
import type { ErrorOf, MutationView } from '@org/sync-core'
import { type ComponentType, forwardRef, type KeyboardEvent, type MouseEvent, type Ref, useState } from 'react'
import { type ButtonClassNames, type ButtonSlots, buttonPreset, type CommonButtonProps } from '../critical-button/buttonProps.js'
import { keepFromHost } from '../critical-button/keptFromHost.js'
import { renderButton } from '../critical-button/renderButton.js'
import { useButtonIn, useSurroundings } from '../critical-button/useCriticalButton.js'
import { useRow } from '../hooks/useRow.js'
import { confirmMessageFor, type StatusConfirmMessage } from './confirmMessageFor.js'
import { entryOf, statusesIn, statusLabel } from './leadStatuses.js'
import { leadStatusWords, statusMessages } from './leadStatusWords.js'
import { StatusMenu, type StatusMenuProps } from './StatusMenu.js'
import { chipLook, type StatusColors } from './statusColors.js'

export interface LeadStatusButtonProps
  extends Omit<
    CommonButtonProps<LeadView, ErrorOf<typeof leadUpdateStatus>>,
    'children' | 'look' | 'slots' | 'classNames' | 'aria-haspopup' | 'aria-expanded' | 'aria-controls'
  > {
  leadId: string
  /** Shown until the lead's row is known; a row with a version wins over it. */
  currentStatus: string
  /**
   * The questions of `with-confirm`: one text asks always, an object asks for the statuses it names.
   * @default asks for final statuses (won) and for lost
   */
  confirmMessage?: StatusConfirmMessage
  /** Own colours for single statuses. @default the provider's */
  statusColors?: StatusColors
  /** Refuses when someone else changed the lead since it was shown, instead of overwriting. @default true */
  checkVersion?: boolean
  /** The lead's status is final at mount, or by someone else: a workflow goes on here. At most once a component and lead. */
  onAlreadyDone?: (lead: LeadView) => void
  classNames?: ButtonClassNames & { menu?: string }
  slots?: ButtonSlots & { StatusMenu?: ComponentType<StatusMenuProps> }
}

/** Shows a lead's status and changes it: a menu button, so that no stray key changes anything. */
export const LeadStatusButton = forwardRef(function LeadStatusButton(props: LeadStatusButtonProps, ref: Ref<HTMLButtonElement>) {
  return <StatusOfOne props={props} hostRef={ref} />
})

type MenuFocus = 'current' | 'last'

const OPENS: Readonly<Record<string, MenuFocus>> = { ArrowDown: 'current', ArrowUp: 'last' }

/** A mutation that this button does not show by itself has not taken effect yet: a bulk change of this row. */
function waitsElsewhere(view: MutationView | undefined): boolean {
  return view !== undefined && !view.settled && view.actionName !== leadUpdateStatus.name
}

function StatusOfOne({ props, hostRef }: { props: LeadStatusButtonProps; hostRef: Ref<HTMLButtonElement> }) {
  const { leadId, currentStatus, statusColors, checkVersion = true, confirmMessage: questions, ...host } = props
  const { onSuccess, onError, onAlreadyDone, onClick, onKeyDown } = host
  const surroundings = useSurroundings()
  const { client, environment, messages, id } = surroundings
  const [menu, setMenu] = useState<MenuFocus>()
  const rowView = useRow(client, 'leads', leadId)
  const lead = rowView?.row as Partial<LeadRow> | undefined
  const base = rowView?.base as LeadRow | undefined
  const status: LeadStatus = lead?.status ?? currentStatus
  const subject = host.subject ?? lead?.name
  const entry = (value: LeadStatus) => entryOf(environment, value)
  const labelOf = (value: LeadStatus) => statusLabel(messages, entry(value))
  const { final: isFinal } = entry(base?.status ?? status)
  const label = labelOf(status)
  const { chooseStatus = statusMessages.chooseStatus, changedTo = statusMessages.changedTo } = messages
  const colors = statusColors ?? environment.statusColors
  const seenVersion = base?.version

  const button = useButtonIn(surroundings, leadUpdateStatus, {
    ...host,
    defaultWords: leadStatusWords,
    label,
    lane: `lead:${leadId}:status`,
    seenVersion,
    disabled: isFinal || host.disabled,
    words(asked) {
      const target = asked?.status ?? status
      return { subject, status: labelOf(target), isFinal: entry(target).final }
    },
    confirmMessage(asked) {
      const question = confirmMessageFor(entry(asked?.status ?? status), questions)
      return question === true ? undefined : question
    },
    change: base?.status && changedTo(labelOf(base.status), base.updated_by ? environment.nameOf(base.updated_by) : undefined),
    currentValue: (row) => (typeof row.status === 'string' ? labelOf(row.status) : undefined),
    onSuccess: (answer) => onSuccess?.(toLeadView(answer.lead, environment.nameOf)),
    onError: (error) => onError?.(error),
    isAlreadyDone: isFinal,
    onAlreadyDone: onAlreadyDone && base && (() => onAlreadyDone(toLeadView(base, environment.nameOf))),
  })

  const choose = (next: LeadStatus) => {
    setMenu(undefined)
    if (next === status) return
    const confirm = buttonPreset(host).confirm && confirmMessageFor(entry(next), questions) !== undefined
    // Another tab may have begun to send since the menu opened: this choice comes after it.
    button.mutate({ leadId, status: next }, { confirm, queue: true, seenVersion: checkVersion ? seenVersion : undefined })
  }
  const { tone, className, style } = chipLook(entry(status), colors)
  const isWaiting = rowView?.pendingIds.some((pending) => waitsElsewhere(client.getMutation(pending)))
  const menuId = `${id}menu`
  const Menu = host.slots?.StatusMenu ?? StatusMenu
  return renderButton({
    component: 'LeadStatusButton',
    look: 'chip',
    button: button as never,
    host: host as never,
    hostRef,
    label,
    sign: isWaiting ? 'clock' : undefined,
    attributes: {
      'aria-label': host['aria-label'] ?? `${chooseStatus(subject)}: ${label}`,
      className,
      style: { ...style, ...host.style },
      'data-status': status,
      'data-tone': tone,
      'data-waiting': isWaiting || undefined,
      'aria-haspopup': 'menu',
      'aria-expanded': menu !== undefined,
      'aria-controls': menu && menuId,
      // A press opens the menu; only a choice in it makes a request.
      onClick(event: MouseEvent<HTMLButtonElement>) {
        onClick?.(event)
        if (!event.defaultPrevented) setMenu(menu ? undefined : 'current')
      },
      onKeyDown(event: KeyboardEvent<HTMLButtonElement>) {
        onKeyDown?.(event)
        const where = OPENS[event.key]
        if (where === undefined || event.defaultPrevented) return
        event.preventDefault()
        keepFromHost(event)
        if (!button.isLocked) setMenu(where)
      },
    },
    children: menu && (
      <Menu
        id={menuId}
        label={chooseStatus(subject)}
        options={statusesIn(environment).map((each) => ({
          value: each.value,
          label: statusLabel(messages, each),
          look: chipLook(each, colors),
        }))}
        current={status}
        focusOn={menu}
        triggerRef={button.triggerRef}
        onSelect={choose}
        onClose={() => setMenu(undefined)}
        className={host.classNames?.menu}
      />
    ),
  })
}
