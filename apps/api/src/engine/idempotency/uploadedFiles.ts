import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { types } from 'node:util'
import type { Request } from 'express'

/** What a parser of uploads (multer, express-fileupload, formidable) puts beside the body. */
interface WithFiles {
  file?: unknown
  files?: unknown
}

type Fields = Record<string, unknown>

/**
 * What was uploaded with the request, in words that are the same when it is uploaded again: a parser gives each copy
 * a name and a place of its own. Undefined when nothing was.
 */
export function uploadedFiles(req: Request): unknown {
  const { file, files } = req as unknown as WithFiles
  return file === undefined && files === undefined ? undefined : describe([file, files])
}

async function describe(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map(describe))
  if (typeof value !== 'object' || value === null || value instanceof Blob) return value
  const fields = value as Fields
  const place = placeOf(fields)
  if (place !== undefined) return { ...namesOf(fields), digest: await digestOfFile(place) }
  const bytes = bytesIn(fields)
  if (bytes !== undefined) return { ...namesOf(fields), bytes }
  return Object.fromEntries(await Promise.all(Object.keys(fields).map(async (name) => [name, await describe(fields[name])])))
}

function bytesIn({ buffer, data }: Fields): Uint8Array | undefined {
  return [buffer, data].find((part): part is Uint8Array => types.isUint8Array(part))
}

function placeOf({ path, tempFilePath, filepath }: Fields): string | undefined {
  return [path, tempFilePath, filepath].find((place): place is string => typeof place === 'string' && place !== '')
}

function namesOf({ fieldname, originalname, name, originalFilename, mimetype, size }: Fields): Fields {
  return { fieldname, name: originalname ?? originalFilename ?? name, mimetype, size }
}

async function digestOfFile(path: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(path), digest)
  return digest.digest('base64url')
}
