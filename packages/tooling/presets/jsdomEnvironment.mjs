import { TestEnvironment } from 'jest-environment-jsdom'

const MISSING_IN_JSDOM = [
  'structuredClone',
  'fetch',
  'Request',
  'Response',
  'Headers',
  'TextEncoder',
  'TextDecoder',
  'ReadableStream',
  'WritableStream',
  'TransformStream',
  'BroadcastChannel',
  'MessageChannel',
]

/** jsdom with the platform features that browsers have and jsdom lacks, taken from Node. */
export default class JsdomEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context)
    for (const name of MISSING_IN_JSDOM) this.global[name] ??= globalThis[name]
  }
}
