import { createIdentity, createTwilioSimulator, type Identity, type TwilioSimulator } from '@org/stand-ins'
import { messagesFile, signingKeyFile } from './dataFiles.js'

/** The programs in the place of Supabase Auth and Twilio. */
export interface StandIns {
  identity: Identity
  twilio: TwilioSimulator
}

/** Starts sign-in and the Twilio simulator; both keep what they must in the data directory. */
export async function startStandIns({ url, dataDirectory }: { url: string; dataDirectory: string }): Promise<StandIns> {
  const identity = await createIdentity({ issuer: `${url}/_stand-ins`, keyFile: signingKeyFile(dataDirectory) })
  const twilio = await createTwilioSimulator({
    inboundUrl: `${url}/api/webhooks/twilio/inbound`,
    journalFile: messagesFile(dataDirectory),
  })
  return { identity, twilio }
}
