import type { Request } from 'express'
import { BytesNeededError, readBlob } from './blobDigests.js'
import type { FingerprintInput } from './fingerprint.js'
import type { MaybeLater } from './IdempotencyStore.js'
import { uploadedFiles } from './uploadedFiles.js'

export interface RequestFingerprintOptions {
  /** How it is written: `fingerprintOf`, or `fingerprintInWords` for a store in this process. */
  print: (input: FingerprintInput) => string
  /** Says in the body's place what the request asks for. */
  describe?: ((req: Request) => unknown) | undefined
}

/**
 * What makes two arrivals of one key the same request: method, address with its query, body and uploaded files.
 * @throws {TooDeepError} when the body is nested too deeply to be read safely
 * @throws {TypeError} when the body was not read yet, or holds what cannot be compared; rejects with them where it has to wait
 */
export function requestFingerprint(req: Request, { print, describe }: RequestFingerprintOptions): MaybeLater<string> {
  const address = `${req.method} ${req.originalUrl}`
  if (describe !== undefined) return later(describe(req), (said) => printed(print, address, said))
  const { body, headers } = req
  if (isEmpty(body)) requireNoBody(req)
  const files = isJson(headers) ? undefined : uploadedFiles(req)
  if (files === undefined) return printed(print, address, body)
  return later(files, (uploaded) => printed(print, address, { body, uploaded }))
}

// Files do not come as JSON; looking for them where there are none takes as long as to write a small body down.
function isJson({ 'content-type': type }: Request['headers']): boolean {
  return type?.startsWith('application/json') === true
}

const NONE = {}

function printed(print: RequestFingerprintOptions['print'], actionName: string, body: unknown): MaybeLater<string> {
  try {
    return print({ actionName, params: NONE, body })
  } catch (error) {
    if (!(error instanceof BytesNeededError)) throw error
    return readBlob(error.blob).then(() => printed(print, actionName, body))
  }
}

function later<T, U>(value: T | Promise<T>, then: (value: T) => MaybeLater<U>): MaybeLater<U> {
  return value instanceof Promise ? value.then(then) : then(value)
}

/** Two requests whose bodies nobody read would look the same, and the second would get the first's answer. */
function requireNoBody(req: Request): void {
  if (!hasBody(req) || req.readableDidRead) return
  throw new TypeError(
    'idempotency(): nobody read the body of this request, so another one could not be told from it. Put the parser of its body (express.json() and the like) before idempotency(), or say by the option `fingerprint` what the request asks for.',
  )
}

function hasBody({ headers }: Request): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) !== 0)
}

// The parsers of Express 4 leave an empty object where the body is none of theirs.
function isEmpty(body: unknown): boolean {
  return body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0)
}
