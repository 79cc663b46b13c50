import { Gateway } from './Gateway.js'
import type { RealtimeGateway, RealtimeGatewayOptions } from './RealtimeGateway.js'

/**
 * Makes a gateway; {@link RealtimeGateway.attach} puts it on a server.
 * @throws {RangeError} when `systemDelayMs` is below 0
 */
export function createRealtimeGateway(options: RealtimeGatewayOptions): RealtimeGateway {
  return new Gateway(options)
}
