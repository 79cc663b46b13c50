import { inspect, isDeepStrictEqual } from 'node:util'
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as zod from 'zod/mini'
import type { Parser } from '../src/parser/Parser.js'
import * as own from '../src/parser/z.js'

/** More and other ones by `PARSER_RUNS` and `PARSER_SEED`. */
const PARAMETERS = { numRuns: Number(process.env.PARSER_RUNS ?? 1_500), seed: Number(process.env.PARSER_SEED ?? 20_261_129) }

/** What the contracts' schemas use of zod/mini; our parser must give the same for each of its names. */
type Z = typeof own
const z = { own, zod: zod as unknown as Z }

interface Twin {
  own: Parser<unknown>
  zod: Parser<unknown>
}

const twin = (make: (z: Z) => unknown): Twin => ({ own: make(z.own) as Twin['own'], zod: make(z.zod) as Twin['zod'] })
const from = <T>(twins: readonly Twin[], make: (z: Z, parts: Parser<unknown>[]) => T): Twin => ({
  own: make(
    z.own,
    twins.map((each) => each.own),
  ) as never,
  zod: make(
    z.zod,
    twins.map((each) => each.zod),
  ) as never,
})

const KEYS = ['id', 'version', '__proto__', 'constructor', 'toString', '', 'a'] as const
const key = fc.constantFrom(...KEYS)
const limit = fc.nat({ max: 6 })

/** What a value is at all. */
const kind = fc.constantFrom(
  twin((z) => z.string()),
  twin((z) => z.number()),
  twin((z) => z.boolean()),
  twin((z) => z.unknown()),
  twin((z) => z.literal(true)),
  twin((z) => z.literal('records')),
  twin((z) => z.literal(0)),
  twin((z) => z.literal(null)),
  twin((z) => z.enum(['pending', 'sent', '__proto__'])),
  twin((z) => z.array(z.optional(z.string()))),
  twin((z) => z.looseObject({ id: z.string() })),
)

const leaf: fc.Arbitrary<Twin> = fc.oneof(
  kind,
  fc.constantFrom(
    twin((z) => z.int()),
    twin((z) => z.int().check(z.nonnegative())),
    twin((z) => z.number().check(z.nonnegative('must not be below zero'))),
    twin((z) => z.string().check(z.regex(/^[A-Za-z0-9_-]{2,9}$/, 'no key'))),
    twin((z) => z.string().check(z.refine<string>((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text), 'not storable'))),
  ),
  fc.tuple(limit, limit).map(([minimum, maximum]) => twin((z) => z.string().check(z.minLength(minimum), z.maxLength(maximum, 'too long')))),
)

const { schema } = fc.letrec<{ schema: Twin }>((tie) => {
  const entries = fc.uniqueArray(fc.tuple(key, tie('schema')), { maxLength: 4, selector: ([name]) => name })
  // Defined, not assigned: `__proto__` shall be a property like any other.
  const shape = (names: readonly string[], parts: readonly Parser<unknown>[]) =>
    Object.fromEntries(names.map((name, index) => [name, parts[index]!]))
  const ofObject = (make: (z: Z, shape: Record<string, Parser<unknown>>) => unknown) =>
    entries.map((pairs) =>
      from(
        pairs.map(([, part]) => part),
        (z, parts) =>
          make(
            z,
            shape(
              pairs.map(([name]) => name),
              parts,
            ),
          ),
      ),
    )
  return {
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      tie('schema').map((inner) => from([inner], (z, [part]) => z.optional(part!))),
      tie('schema').map((inner) => from([inner], (z, [part]) => z.nullable(part!))),
      tie('schema').map((inner) => from([inner], (z, [part]) => z.array(part!))),
      // Where both an element and the size are wrong, zod complains of the size, we of the element.
      limit.map((size) => twin((z) => z.array(z.unknown()).check(z.minLength(1), z.maxLength(size)))),
      tie('schema').map((inner) => from([inner], (z, [part]) => z.record(z.string(), part!))),
      // Of kinds alone: where one option fits but for a rule of its own, zod tells that rule, we that none fits.
      fc.array(kind, { minLength: 2, maxLength: 3 }).map((inner) => from(inner, (z, parts) => z.union(parts))),
      ofObject((z, shape) => z.object(shape)),
      ofObject((z, shape) => z.looseObject(shape)),
      ofObject((z, shape) => z.strictObject(shape)),
      entries.map((pairs) =>
        from(
          pairs.map(([, part]) => part),
          (z, parts) => {
            const rest = shape(
              pairs.map(([name]) => name),
              parts,
            )
            return z.discriminatedUnion('type', [
              z.looseObject({ ...rest, type: z.literal('records') }),
              z.object({ ...rest, type: z.literal('hello') }),
            ])
          },
        ),
      ),
    ),
  }
})

class Lead {
  id = 'lead-1'
  get version() {
    return 3
  }
}

const nasty = fc.constantFrom<unknown>(
  undefined,
  null,
  Number.NaN,
  -0,
  Number.POSITIVE_INFINITY,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  -Number.MAX_SAFE_INTEGER - 2,
  1e300,
  1.5,
  10n,
  Symbol.iterator,
  '',
  'NUL\0',
  '\ud800',
  '\udc00\ud800',
  '👩‍👩‍👧',
  '😀😀😀😀',
  'e\u0301',
  'records',
  'pending',
  '__proto__',
  new Date(0),
  new Date(Number.NaN),
  new Map([['id', 1]]),
  new Set([1]),
  /x/,
  new Lead(),
  () => undefined,
  new String('boxed'),
  new Number(3),
  Object.create(null),
  Object.create({ id: 'inherited', version: 1 }),
  JSON.parse('{"__proto__": {"id": "own"}, "id": "a"}'),
  JSON.parse('{"type": "records", "__proto__": 1}'),
  { type: 'hello', id: undefined },
  { constructor: 1 },
  { constructor: { prototype: {} } },
  {
    get id() {
      return 'by getter'
    },
  },
  Object.defineProperty({}, 'id', { value: 'hidden', enumerable: false }),
  // biome-ignore lint/suspicious/noSparseArray: a hole is one of the inputs
  [, 'a', ,],
  new Array(3),
  Object.assign([1], { id: 'on an array' }),
  new Uint8Array(2),
)

const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    nasty,
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.double(),
    fc.integer({ min: -3, max: 8 }),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.oneof(key, fc.constant('type')), tie('value')), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs)),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => ({ type: 'records', ...Object.fromEntries(pairs) })),
  ),
})).value

/** A schema's answer as far as anybody reads it: what comes out, or the first complaint with its place and its limit. */
function answer(schema: Parser<unknown>, given: unknown): unknown {
  const parsed = schema.safeParse(given)
  if (parsed.success) return { data: parsed.data }
  const { code, path, message, maximum } = parsed.error.issues[0]!
  return { code, path, message, maximum }
}

it('gives for every shape and value what zod gives', () => {
  const proto = Object.getPrototypeOf({})
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 1, maxLength: 12 }), (schema, values) => {
      for (const given of values) {
        const [ours, theirs] = [answer(schema.own, given), answer(schema.zod, given)]
        if (!isDeepStrictEqual(ours, theirs)) throw new Error(`zod: ${inspect(theirs)}\nours: ${inspect(ours)}\nfor: ${inspect(given)}`)
      }
      expect(Object.getPrototypeOf({})).toBe(proto)
    }),
    PARAMETERS,
  )
})

it('answers as a Standard Schema what it answers when asked directly', () => {
  fc.assert(
    fc.property(schema, value, ({ own }, given) => {
      const [direct, standard] = [own.safeParse(given), own['~standard'].validate(given)]
      expect(isDeepStrictEqual(standard, direct.success ? { value: direct.data } : { issues: direct.error.issues })).toBe(true)
    }),
    PARAMETERS,
  )
})
