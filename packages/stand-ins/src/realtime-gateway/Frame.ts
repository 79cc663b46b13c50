import * as z from 'zod'

/** The two serializers of Phoenix: `1.0.0` sends objects, `2.0.0` arrays. */
export const VSNS = ['1.0.0', '2.0.0'] as const
export type Vsn = (typeof VSNS)[number]

/** One message on the wire, whatever its serializer. */
export interface Frame {
  joinRef: string | null
  ref: string | null
  topic: string
  event: string
  /** Always an object: `null` crashes the client. */
  payload: Record<string, unknown>
}

const refSchema = z
  .string()
  .nullish()
  .transform((ref) => ref ?? null)
const payloadSchema = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((payload) => payload ?? {})
const v2Schema = z.tuple([refSchema, refSchema, z.string(), z.string(), payloadSchema])
const v1Schema = z.object({ join_ref: refSchema, ref: refSchema, topic: z.string(), event: z.string(), payload: payloadSchema })

/** Reads a text frame; null when it is none. */
export function decodeFrame(vsn: Vsn, text: string): Frame | null {
  const value = parseJson(text)
  if (vsn === '1.0.0') {
    const parsed = v1Schema.safeParse(value)
    if (!parsed.success) return null
    const { join_ref: joinRef, ...rest } = parsed.data
    return { joinRef, ...rest }
  }
  const parsed = v2Schema.safeParse(value)
  if (!parsed.success) return null
  const [joinRef, ref, topic, event, payload] = parsed.data
  return { joinRef, ref, topic, event, payload }
}

/** Writes a text frame. */
export function encodeFrame(vsn: Vsn, { joinRef, ref, topic, event, payload }: Frame): string {
  return vsn === '1.0.0'
    ? JSON.stringify({ topic, event, payload, ref, join_ref: joinRef })
    : JSON.stringify([joinRef, ref, topic, event, payload])
}

/**
 * Writes a `postgres_changes` frame around `data`, which is JSON already: one change goes to many
 * channels and is serialized once.
 */
export function encodeChangeFrame(vsn: Vsn, topic: string, ids: readonly number[], data: string): string {
  const payload = `{"ids":${JSON.stringify(ids)},"data":${data}}`
  const name = JSON.stringify(topic)
  return vsn === '1.0.0'
    ? `{"topic":${name},"event":"postgres_changes","payload":${payload},"ref":null,"join_ref":null}`
    : `[null,null,${name},"postgres_changes",${payload}]`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
