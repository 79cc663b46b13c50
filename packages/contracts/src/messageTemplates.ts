/** What a template may mention. Missing parts make the template throw rather than send "undefined". */
export interface TemplateLead {
  firstName: string
  appointmentDate?: string
  appointmentTime?: string
}

function required(value: string | undefined, name: string, template: string): string {
  if (value) return value
  throw new TypeError(
    `messageTemplates.${template} needs lead.${name}; without it the SMS would read "undefined". Pass it, or use another template.`,
  )
}

/**
 * Ready-made SMS texts. Each takes a lead and returns the message. None offers a reply that the carrier acts on by itself:
 * whoever answers "Cancel" gets no SMS any more (`reservedWordsIn`).
 */
export const messageTemplates = {
  /** @throws {TypeError} when `firstName`, `appointmentDate` or `appointmentTime` is missing */
  appointment_confirmation: (lead: TemplateLead): string => {
    const name = 'appointment_confirmation'
    return `Hi ${required(lead.firstName, 'firstName', name)}, your appointment is confirmed for ${required(lead.appointmentDate, 'appointmentDate', name)} at ${required(lead.appointmentTime, 'appointmentTime', name)}. Reply CONFIRM to confirm or CHANGE to change it.`
  },
  /** @throws {TypeError} when `firstName` is missing */
  follow_up: (lead: TemplateLead): string =>
    `${required(lead.firstName, 'firstName', 'follow_up')}, just checking in! Are you still interested in our services? Reply 1 if you are, 2 if not.`,
  /** @throws {TypeError} when `firstName` is missing */
  payment_reminder: (lead: TemplateLead): string =>
    `Hi ${required(lead.firstName, 'firstName', 'payment_reminder')}, we have an outstanding proposal. Please review and let us know if you have questions.`,
}

export type TemplateId = keyof typeof messageTemplates
