import { join } from 'node:path'
import { createIdentity, createTwilioSimulator, type Identity, type TwilioSimulator } from '@org/stand-ins'

/** The programs in the place of Supabase Auth and Twilio. */
export interface StandIns {
  identity: Identity
  twilio: TwilioSimulator
}

/**
 * Starts sign-in and the Twilio simulator. The signing key is kept with the data, so that a restart
 * signs nobody out; so are the messages, as Twilio keeps them, so that they can be counted after a `kill -9`.
 */
export async function startStandIns({ url, dataDirectory }: { url: string; dataDirectory: string }): Promise<StandIns> {
  const identity = await createIdentity({ issuer: `${url}/_stand-ins`, keyFile: join(dataDirectory, 'signing-key.json') })
  const twilio = await createTwilioSimulator({
    inboundUrl: `${url}/api/webhooks/twilio/inbound`,
    journalFile: join(dataDirectory, 'twilio-messages.jsonl'),
  })
  return { identity, twilio }
}
