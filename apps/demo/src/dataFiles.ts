import { join } from 'node:path'

/** Where the embedded database lies in the demo's data directory. */
export const databaseDirectory = (dataDirectory: string) => join(dataDirectory, 'postgres')

/** The key that signs tokens: kept with the data, so that a restart signs nobody out. */
export const signingKeyFile = (dataDirectory: string) => join(dataDirectory, 'signing-key.json')

/** What Twilio accepted, kept as Twilio keeps it, so that it can be counted after a `kill -9`. */
export const messagesFile = (dataDirectory: string) => join(dataDirectory, 'twilio-messages.jsonl')
