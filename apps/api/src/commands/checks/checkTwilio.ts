import type { Config } from '../../config.js'
import { type Finding, good, LONGEST_LOOK_MS, leftOut, notKnown, reasonOf, wrong } from './Finding.js'

const TWILIO = 'https://api.twilio.com'
const SETTINGS =
  'Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN in Twilio’s console; after a rotation the new token belongs into TWILIO_AUTH_TOKEN.'

/** Whether Twilio takes account and token. Reads one message and sends none. */
export async function checkTwilio({ modules, sms: { twilio } }: Pick<Config, 'modules' | 'sms'>): Promise<Finding> {
  if (!modules.includes('sms')) return leftOut('Twilio', 'MODULES leaves sms out.')
  if (twilio === null) return leftOut('Twilio', 'TWILIO_ACCOUNT_SID is not set: SMS wait as pending.')
  const { accountSid, authToken, apiBaseUrl } = twilio
  try {
    const response = await fetch(`${apiBaseUrl ?? TWILIO}/2010-04-01/Accounts/${accountSid}/Messages.json?PageSize=1`, {
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
      signal: AbortSignal.timeout(LONGEST_LOOK_MS),
    })
    if (response.status === 200)
      return good('Twilio', 'It takes account and token. Whether it takes the sender is seen with the first SMS.')
    const { code } = (await response.json().catch(() => ({}))) as { code?: unknown }
    const said =
      typeof code === 'number' ? `${response.status}, code ${code} (https://www.twilio.com/docs/api/errors/${code})` : response.status
    if (response.status === 401 || response.status === 403) return wrong('Twilio', `It refuses account or token: ${said}.`, SETTINGS)
    return notKnown('Twilio', `It answers ${said}.`, 'Look at https://status.twilio.com, and check again.')
  } catch (error) {
    return wrong(
      'Twilio',
      `It cannot be reached from here (${reasonOf(error)}).`,
      'Let this machine reach api.twilio.com by HTTPS, or correct TWILIO_API_BASE_URL.',
    )
  }
}
