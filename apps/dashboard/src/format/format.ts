const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' })
const longDayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const timeFormat = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const monthFormat = new Intl.DateTimeFormat(undefined, { month: 'short' })
const dayAndTimeFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' })

/** "Mon, 24 Nov" */
export const formatDay = (iso: string) => dayFormat.format(new Date(iso))
/** "Monday, 24 November" */
export const formatLongDay = (iso: string) => longDayFormat.format(new Date(iso))
/** "10:30" */
export const formatTime = (iso: string) => timeFormat.format(new Date(iso))
/** "Nov" */
export const formatMonth = (iso: string) => monthFormat.format(new Date(iso))
/** "24 Nov, 10:30" */
export const formatDayAndTime = (iso: string) => dayAndTimeFormat.format(new Date(iso))
/** "24" */
export const dayOfMonth = (iso: string) => new Date(iso).getDate()
