import { hash } from 'node:crypto'
import { types } from 'node:util'
import { digestOfBlob } from './blobDigests.js'

// Deeper values are no request of ours, and recursion over 64 KB of "[" would end the stack.
const MAX_DEPTH = 64

/** A value nested deeper than anybody can safely follow. */
export class TooDeepError extends RangeError {
  override readonly name = 'TooDeepError'
}

/** A value of which nobody can say here whether it equals another one. */
export class UnreadableValueError extends TypeError {
  override readonly name = 'UnreadableValueError'
}

/**
 * Text that is the same for equal values and another one for different values, whatever the order of their keys.
 * For JSON it is JSON; what JSON cannot tell apart (dates, maps, sets, bytes, bigints, undefined) says what it is.
 * @throws {TooDeepError} when `value` is nested deeper than 64 levels
 * @throws {UnreadableValueError} for a function, a symbol, or an object of a class that keeps its state to itself
 * @throws {BytesNeededError} for a file whose bytes were not read yet
 */
export function canonicalText(value: unknown, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'undefined':
      return 'undefined'
    case 'object':
      return value === null ? 'null' : textOfObject(value, depth)
    default:
      throw new UnreadableValueError(`a ${typeof value} cannot be compared with another one`)
  }
}

function textOfObject(value: object, depth: number): string {
  if (depth === MAX_DEPTH) throw new TooDeepError(`canonicalText: nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) return textOfList(value, depth)
  return isRecord(value) ? textOfRecord(value, depth) : textOfInstance(value, depth)
}

/** What JSON itself writes unmistakably. */
function isJsonScalar(item: unknown): boolean {
  if (typeof item === 'number') return Number.isFinite(item) && !Object.is(item, -0)
  return typeof item === 'string' || typeof item === 'boolean' || item === null
}

// Also one that another realm made, as `vm` and test runners do.
function isRecord(value: object): value is Record<string, unknown> {
  const prototype: object | null = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return true
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty')
}

// Nearly every key and most values need no escaping, and asking costs a third of escaping.
const PLAIN = /^[ !#-[\]-~]*$/

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

function textOfList(items: readonly unknown[], depth: number): string {
  // A mebibyte of numbers, as a buffer sent as JSON is, goes through in one step.
  if (items.every(isJsonScalar)) return JSON.stringify(items)
  let text = '['
  for (let index = 0; index < items.length; index += 1) text += (index === 0 ? '' : ',') + canonicalText(items[index], depth + 1)
  return `${text}]`
}

function textOfRecord(record: Record<string, unknown>, depth: number): string {
  const keys = Object.keys(record).sort()
  const sorted = inOrder(record, keys)
  if (sorted !== null) return JSON.stringify(sorted)
  let text = '{'
  for (const key of keys) {
    text += `${text.length === 1 ? '' : ','}${quoted(key)}:${canonicalText(record[key], depth + 1)}`
  }
  return `${text}}`
}

/**
 * The same with its keys in this order, which JSON writes in one step; a text put together of many pieces takes longer, and
 * longer still wherever it is read. Null where JSON would write it differently.
 */
function inOrder(record: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> | null {
  const sorted: Record<string, unknown> = {}
  for (const key of keys) {
    const value = record[key]
    if (!isJsonScalar(value) || !keepsItsPlace(key)) return null
    sorted[key] = value
  }
  return sorted
}

// A whole number comes first in every object, and one key is no key.
function keepsItsPlace(key: string): boolean {
  const first = key.charCodeAt(0)
  return !(first >= 0x30 && first <= 0x39) && key !== '__proto__'
}

function textOfInstance(value: object, depth: number): string {
  if (types.isDate(value)) return `Date(${value.getTime()})`
  if (ArrayBuffer.isView(value)) return textOfBytes(types.isUint8Array(value) ? 'Uint8Array' : nameOf(value), bytesOf(value))
  if (types.isAnyArrayBuffer(value)) return textOfBytes('ArrayBuffer', new Uint8Array(value))
  if (types.isMap(value)) return `Map${textOfSorted([...value], depth)}`
  if (types.isSet(value)) return `Set${textOfSorted([...value], depth)}`
  if (value instanceof URLSearchParams || value instanceof URL) return `${nameOf(value)}(${JSON.stringify(String(value))})`
  if (value instanceof FormData) return `FormData${textOfList([...value], depth)}`
  if (value instanceof Blob) return textOfBlob(value)
  return textOfUnknown(value, depth)
}

/** Objects that say themselves what they are (decimals, ids of a database, moments) are taken at their word. */
function textOfUnknown(value: object & { toJSON?: unknown }, depth: number): string {
  if (typeof value.toJSON === 'function') return `${nameOf(value)}(${canonicalText(value.toJSON(), depth + 1)})`
  if (types.isBoxedPrimitive(value)) return canonicalText(value.valueOf(), depth + 1)
  throw new UnreadableValueError(`an object of the class ${nameOf(value)} does not show all that it holds (it has no toJSON)`)
}

// In no order that means anything.
function textOfSorted(items: readonly unknown[], depth: number): string {
  return `{${items
    .map((item) => canonicalText(item, depth + 1))
    .sort()
    .join(',')}}`
}

// Their digest instead of themselves: a mebibyte of them as text would hold everybody up.
function textOfBytes(name: string, bytes: Uint8Array): string {
  return `${name}(${bytes.byteLength},${hash('sha256', bytes, 'base64url')})`
}

function textOfBlob(blob: Blob): string {
  const name = blob instanceof File ? blob.name : ''
  return `${nameOf(blob)}(${JSON.stringify([name, blob.type, blob.size])},${digestOfBlob(blob)})`
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function nameOf(value: object): string {
  return value.constructor?.name || 'Object'
}
