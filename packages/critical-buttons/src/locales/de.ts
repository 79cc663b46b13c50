import { createFormatter } from '../messages/format.js'
import type { Words } from '../messages/Messages.js'
import { createTimeFormat } from '../messages/timeFormat.js'
import type { Catalogue } from './Catalogue.js'
import { germanErrors } from './deErrors.js'

const format = createFormatter('de')
const { number, plural } = format
const an = ({ subject }: Words) => (subject ? ` an ${subject}` : '')
const colon = ({ subject }: Words) => (subject ? `: ${subject}` : '')
const leads = ({ count = 0 }: Words) => `${number(count)} ${plural(count, { one: 'Lead', other: 'Leads' })}`
const changed = ({ count = 0, unchanged = 0 }: Words) => ({ count: count - unchanged })
const rest = ({ unchanged = 0 }: Words) => (unchanged > 0 ? `, ${number(unchanged)} unverändert` : '')
const clicks = (count: number) => `${number(count)} ${plural(count, { one: 'Aktion', other: 'Aktionen' })}`

/** German, as a team would write it. */
export const german: Catalogue = {
  locale: 'de',
  actions: {
    'booking.confirm': {
      label: () => 'Termin bestätigen',
      done: () => 'Bestätigt',
      pending: (words) => `Termin wird bestätigt${colon(words)}`,
      stillPending: () => 'Wird noch bestätigt',
      queued: () => 'Der Termin wird bestätigt, sobald Sie wieder verbunden sind',
      success: (words) => `Termin bestätigt${colon(words)}`,
      failed: () => 'Termin nicht bestätigt',
      record: () => 'Der Termin',
      confirmTitle: () => 'Diesen Termin bestätigen?',
      confirmMessage: () => 'Der Termin wird als bestätigt markiert.',
      confirmLabel: () => 'Termin bestätigen',
    },
    'sms.send': {
      label: () => 'SMS senden',
      done: () => 'Gesendet',
      pending: (words) => `SMS wird gesendet${an(words)}`,
      stillPending: () => 'Wird noch gesendet',
      checking: () => 'Es wird geprüft, ob sie gesendet wurde; das kann bis zu 5 Minuten dauern',
      queued: () => 'Die SMS wird gesendet, sobald Sie wieder verbunden sind',
      success: (words) => `SMS gesendet${an(words)}`,
      failed: () => 'SMS nicht gesendet',
      problem: ({ field, kind, limit, size }) => {
        if (field !== 'message' || kind === 'invalid') return undefined
        if (kind === 'missing') return 'Schreiben Sie zuerst eine Nachricht'
        return `Eine SMS fasst höchstens ${number(limit)} Zeichen, diese hat ${number(size)}`
      },
      record: () => 'Der Lead',
      confirmTitle: () => 'Diese SMS senden?',
      confirmMessage: () => 'Die Nachricht geht sofort hinaus und lässt sich nicht zurückholen.',
      confirmLabel: () => 'SMS senden',
    },
    'lead.updateStatus': {
      label: ({ status = '' }) => status,
      done: ({ status = '' }) => status,
      overrule: ({ status }) => `Trotzdem auf „${status}“ setzen`,
      pending: ({ status }) => `Status wird auf ${status} gesetzt`,
      stillPending: () => 'Wird noch gespeichert',
      queued: () => 'Der Status wird geändert, sobald Sie wieder verbunden sind',
      success: ({ status }) => `Status ist jetzt ${status}`,
      failed: () => 'Status nicht geändert',
      record: () => 'Der Lead',
      confirmTitle: ({ subject, status }) => `${subject ?? 'Lead'} auf „${status}“ setzen?`,
      confirmMessage: ({ status, isFinal }) => (isFinal ? 'Das ist endgültig.' : `Der Lead wechselt zu „${status}“.`),
      confirmLabel: ({ status }) => `Auf „${status}“ setzen`,
    },
    'lead.bulkUpdateStatus': {
      label: (words) => `${leads(words)} auf „${words.status}“ setzen`,
      done: (words) => `${leads(changed(words))} geändert${rest(words)}`,
      pending: (words) => `${leads(words)} werden geändert`,
      stillPending: () => 'Wird noch geändert',
      queued: (words) => `${leads(words)} werden geändert, sobald Sie wieder verbunden sind`,
      success: (words) => `${leads(changed(words))} auf ${words.status} gesetzt${rest(words)}`,
      failed: () => 'Leads nicht geändert',
      record: () => 'Einer der Leads',
      confirmTitle: (words) => `${leads(words)} auf „${words.status}“ setzen?`,
      confirmMessage: ({ status, isFinal }) => (isFinal ? 'Das ist endgültig.' : `Alle wechseln zu „${status}“.`),
      confirmLabel: (words) => `${leads(words)} auf „${words.status}“ setzen`,
    },
  },
  errors: germanErrors,
  problem: ({ field, kind, limit, size }) =>
    kind === 'too-long'
      ? `„${field}“ fasst höchstens ${number(limit)}, hier sind es ${number(size)}. Es wurde nichts gesendet`
      : `„${field}“ ${kind === 'missing' ? 'fehlt' : 'passt nicht'}, deshalb wurde nichts gesendet`,
  statuses: {
    new: 'Neu',
    contacted: 'Kontaktiert',
    qualified: 'Qualifiziert',
    proposal_sent: 'Angebot gesendet',
    negotiating: 'In Verhandlung',
    won: 'Gewonnen',
    lost: 'Verloren',
  },
  smsStatuses: {
    pending: 'Wartet auf den Versand',
    sent: 'Gesendet',
    delivered: 'Zugestellt',
    undelivered: 'Nicht zugestellt',
    failed: 'Fehlgeschlagen',
    indeterminate: 'Es wird geprüft, ob sie gesendet wurde',
    expired: 'Abgelaufen',
    cancelled: 'Abgebrochen',
  },
  attempt: (attempt, maxAttempts) => `Versuch ${number(attempt)} von ${number(maxAttempts)}`,
  offline: 'Sie sind offline',
  waiting: 'Wartet auf den Versand',
  identity: {
    loading: 'Einen Moment, es wird nachgesehen, wer angemeldet ist',
    'signed-out': 'Sie sind nicht angemeldet',
    'token-unavailable': 'Gerade ist nicht bekannt, ob Sie angemeldet sind',
    'token-refused': 'Sie sind nicht angemeldet, oder Ihre Sitzung ist abgelaufen',
    'api-unreachable': 'Der Server ist gerade nicht erreichbar',
    'api-misconfigured': 'Etwas anderes antwortet anstelle des Servers',
    'actor-differs': 'Hier ist jetzt vielleicht jemand anderes angemeldet',
  },
  sentWhenKnown: 'Es wird gesendet, sobald das bekannt ist',
  signIn: 'Es wird gesendet, sobald Sie wieder angemeldet sind',
  tryingAgainIn: (ms) => `Nächster Versuch in etwa ${format.duration(ms)}`,
  busy: 'Der Dienst ist ausgelastet',
  checking: 'Es wird geprüft, ob es angekommen ist',
  mayBeDone: 'Vielleicht hat es schon gewirkt',
  settledOnReconnect: 'Das klärt sich, sobald Sie wieder verbunden sind',
  noAnswer: 'Der Server hat dazu noch nicht geantwortet und wird von selbst wieder gefragt',
  unreadable: 'Erledigt, aber die Einzelheiten der Antwort waren nicht zu lesen',
  conflict: (record, by) => `Nicht gespeichert. ${record} wurde von ${by ?? 'jemand anderem'} geändert`,
  reviewChange: 'Bitte ansehen',
  conflictNow: (value) => `Jetzt steht dort ${value}`,
  conflictValues: (wanted, by, now) => `Nicht gespeichert. Sie wollten ${wanted}. ${by ?? 'Jemand anderes'} hat ${now} gesetzt`,
  changedTo: (value, by) => `${by ?? 'Jemand anderes'} hat es auf ${value} gesetzt`,
  memoryOnly: 'Nicht auf diesem Gerät gespeichert: Wird der Tab geschlossen, geht es verloren',
  cancelUnreachable: 'Der Server war nicht zu fragen, deshalb wurde es nicht zurückgenommen',
  cancelInPart: 'Der Server war nicht zu allem zu fragen, deshalb geht ein Teil davon weiter',
  cancelTooLate: 'Zu spät: Es hat schon gewirkt',
  cancelTaken: 'Der Server hat es übernommen und hält es an, falls das noch geht',
  cancelEnded: 'Es war schon zu Ende, bevor es zurückgenommen werden konnte',
  cancelled: 'Zurückgenommen',
  unknown: 'Ausgang unbekannt. Sehen Sie nach, bevor Sie es erneut versuchen',
  bulkProgress: (processed, total, failed) =>
    `${number(processed - failed)} von ${number(total)} geändert${failed > 0 ? `, ${number(failed)} fehlgeschlagen` : ''}`,
  partial: (updated, failed, unchanged, cancelled = 0) =>
    [
      `${number(updated)} geändert${rest({ unchanged })}`,
      (failed > 0 || cancelled === 0) && `${number(failed)} fehlgeschlagen`,
      cancelled > 0 && `${number(cancelled)} rechtzeitig abgebrochen`,
    ]
      .filter(Boolean)
      .join(', '),
  more: (count) => `und ${number(count)} weitere`,
  tryAgainAvailable: 'Sie können es erneut versuchen',
  repeated: 'Eben erst gesendet, deshalb nicht noch einmal',
  repeatedOf: (by) => `${by} hat das eben erst gesendet, deshalb ging es nicht noch einmal hinaus`,
  changedWhileOpen: 'Das hat sich gerade geändert. Bitte noch einmal bestätigen',
  chooseStatus: (subject) => (subject ? `Status von ${subject}` : 'Status'),
  buttons: {
    tryAgain: 'Erneut versuchen',
    tryNow: 'Jetzt versuchen',
    checkAgain: 'Erneut prüfen',
    retryFailed: (count) =>
      `${number(count)} ${plural(count, { one: 'fehlgeschlagenen Lead', other: 'fehlgeschlagene Leads' })} wiederholen`,
    sendAgain: 'Noch einmal senden',
    dismiss: 'Ausblenden',
    reviewed: 'Änderung gesehen',
    undo: 'Rückgängig',
    cancel: 'Abbrechen',
    back: 'Abbrechen',
  },
  indicator: {
    offline: (pending) => (pending === 0 ? 'Offline' : `Offline, ${clicks(pending)} in Wartestellung`),
    sending: (pending) => `${clicks(pending)} werden gesendet`,
    waitingForSignIn: (pending) => `${clicks(pending)} ${plural(pending, { one: 'wartet', other: 'warten' })} auf die Anmeldung`,
    waitingForServer: (pending) => `${clicks(pending)} ${plural(pending, { one: 'wartet', other: 'warten' })} auf den Server`,
    attention: (count) => `${clicks(count)} ${plural(count, { one: 'braucht', other: 'brauchen' })} Ihre Aufmerksamkeit`,
    backOnline: 'Wieder online',
    allSent: 'Alles gesendet',
    syncNow: 'Jetzt senden',
  },
  history: {
    time: createTimeFormat('de'),
    title: 'SMS-Verlauf',
    empty: 'Noch keine SMS',
    loading: 'SMS-Verlauf wird geladen',
    failed: 'Der SMS-Verlauf konnte nicht geladen werden',
  },
}
