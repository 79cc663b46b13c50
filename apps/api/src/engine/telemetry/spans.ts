import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'

/*
 * Traces by OpenTelemetry's API alone: without an SDK in the process all of this does nothing and costs next to nothing. A span
 * a room. Attributes name codes, actions and hashes; never a key, a token, a number, a text, nor the message of an error, which
 * may quote one.
 */

const TRACER = '@org/api'

export interface SpanSettings {
  /** `client` where another program does the work. @default 'internal' */
  kind?: 'client' | 'internal'
  attributes?: Attributes
  /** Where it belongs when nothing is traced here: the `traceparent` of whoever asked for it earlier. */
  orphanOf?: string | null
}

/** Does `work` inside a span, which ends with it; where nothing is traced, `work` alone. */
export function inSpan<T>(
  name: string,
  { kind = 'internal', attributes = {}, orphanOf = null }: SpanSettings,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const place = placeOf(orphanOf)
  const spanKind = kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL
  const span = trace.getTracer(TRACER).startSpan(name, { kind: spanKind, attributes }, place)
  if (!isSpanContextValid(span.spanContext())) return work(span)
  return ended(span, () => context.with(trace.setSpan(place, span), () => work(span)))
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    failed(span, error)
    throw error
  } finally {
    span.end()
  }
}

function placeOf(traceparent: string | null): Context {
  const active = context.active()
  if (traceparent === null || trace.getSpan(active) !== undefined) return active
  return propagation.extract(active, { traceparent })
}

/** The wait before `work`: its span ends when that begins, or never does. */
export async function afterWait<T>(name: string, enter: (begun: () => void) => Promise<T>): Promise<T> {
  const span = trace.getTracer(TRACER).startSpan(name)
  try {
    return await enter(() => span.end())
  } catch (error) {
    // After its end this does nothing.
    failed(span, error)
    throw error
  } finally {
    span.end()
  }
}

function failed(span: Span, error: unknown): void {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  span.setAttribute('error.type', String(typeof code === 'string' ? code : (name ?? 'unknown')))
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** A statement with the place of its trace as a comment (sqlcommenter's form), for the database's own log; as it is where nothing is traced. */
export function withTraceComment(text: string): string {
  const place = trace.getActiveSpan()?.spanContext()
  if (place === undefined || !isSpanContextValid(place) || (place.traceFlags & TraceFlags.SAMPLED) === 0) return text
  return `${text} /*traceparent='00-${place.traceId}-${place.spanId}-01'*/`
}

/**
 * Headers by which another program goes on with the trace. `baggage` stays here: a browser put it together for us, and what
 * it holds is nobody else's business.
 */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers)
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name === 'traceparent' || name === 'tracestate'))
}

/** Where this is in a trace, to be kept for what is done about it later; null where nothing is traced. */
export function currentTraceparent(): string | null {
  return traceHeaders().traceparent ?? null
}
