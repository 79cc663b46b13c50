import type { ReactNode } from 'react'

type Rows = readonly (readonly ReactNode[])[]
const code = (text: string) => <code key={text}>{text}</code>

/** Which component for what. */
export const COMPONENTS: Rows = [
  ['confirm an appointment', code('BookingConfirmButton')],
  ['send an SMS to a lead', code('SendSMSButton')],
  ['show and change one lead’s status', code('LeadStatusButton')],
  ['change the status of many leads', code('LeadStatusBulkUpdateButton')],
  ['do something of your own, once', code('CriticalButton')],
  ['say that the person is offline, and what waits', code('OfflineIndicator')],
  ['list the SMS to a lead with their delivery', code('SmsHistory')],
  ['look into the queue, the breaker and realtime', code('SyncInspector')],
  ['build your own look on the same behaviour', code('useSyncMutation')],
]

/** The promises, by situation. */
export const WHAT_HAPPENS: Rows = [
  ['someone double-clicks', 'the second click joins the first: one request, one effect'],
  ['the network is gone', 'the click is kept on this device, shown as waiting, and sent when the network is back'],
  ['the page is reloaded or the tab closed', 'the same click goes on under the same key, in any tab of that person'],
  ['the server does not answer', 'it is tried again, more and more slowly, visibly; it can be cancelled'],
  ['Twilio is down', 'SMS wait behind the circuit breaker and go out when it closes'],
  ['someone else changes the record', 'nothing is overwritten unseen: the person is told what was set, by whom, and decides'],
  ['some of many fail', 'the rest stays done; each failure is named, and only those are tried again'],
  ['the sign-in expires', 'the click waits for the same person; it is never sent in another’s name'],
  ['it waited too long', 'the server refuses it and the button says so: a day for a booking, 4 hours for an SMS'],
  ['nobody knows whether it took effect', '“Outcome unknown”, until a person looks or the server is asked again'],
]

/** What each key does, by component. */
export const KEYS: Rows = [
  ['Any button', 'Enter, Space', 'clicks; while it works, nothing, and the focus stays'],
  ['Any button', 'Tab', 'goes on to its own “Try again”, “Undo”, “Dismiss” …, when there are any'],
  ['LeadStatusButton', 'Enter, Space, ↓', 'opens the menu at the present status; ↑ at the last entry'],
  ['Its menu', '↑ ↓ Home End', 'moves'],
  ['Its menu', 'a letter', 'moves to the next entry that begins with it; never chooses'],
  ['Its menu', 'Enter, Space', 'chooses and closes'],
  ['Its menu', 'Escape, Tab', 'closes without a change; the focus returns to the button'],
  ['Confirm dialog', 'Tab', 'moves between Cancel (focused at first) and the action'],
  ['Confirm dialog', 'Escape', 'cancels; not while it works'],
]

/** Where a theme takes hold, the mildest first. */
export const STYLING: Rows = [
  ['tokens', '--cb-color-accent: #0f766e', 'colours, radius, sizes of everything'],
  [code('statusColors'), '{ new: { tone: "gray" } }', 'one status, everywhere, by the provider'],
  [code('className'), '"shadow-sm"', 'the button itself'],
  [code('classNames'), '{ status: "text-xs" }', 'one part: root, button, icon, label, progress, status, dialog'],
  ['data attributes', '[data-component="SendSMSButton"][data-state="error"]', 'one state of one component, in your own CSS'],
  [code('slots'), '{ ConfirmDialog, StatusMenu }', 'a dialog or menu of your own'],
]

/** What a button tells about itself to style sheets and tests. */
export const DATA_ATTRIBUTES: Rows = [
  [code('data-component'), 'the component’s name'],
  [code('data-part'), 'root, button, icon, label, status, progress, dialog …'],
  [code('data-state'), 'idle, confirming, running, retrying, queued, circuit-open, checking, success, partial, conflict, error, unknown'],
  [code('data-variant'), 'default, with-confirm, with-progress, disabled'],
  [code('data-status'), 'of LeadStatusButton and SmsHistory: which status is shown'],
  [code('data-attempt'), 'the attempt under way'],
  [code('data-code'), 'the error’s code'],
]
