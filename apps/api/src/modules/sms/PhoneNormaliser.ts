/** Port: turns a phone number as stored into E.164, or null when no SMS can reach it. */
export type PhoneNormaliser = (phone: string) => string | null
