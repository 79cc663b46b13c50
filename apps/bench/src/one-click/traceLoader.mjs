// A module loader that lets each function of the browser's side tell when it is entered: V8's coverage counts calls
// but does not say in which order they came.
import ts from 'typescript'
import { placeOf } from './rooms.mjs'

export async function load(url, context, next) {
  const loaded = await next(url, context)
  const place = placeOf(url)
  if (place === undefined) return loaded
  return { ...loaded, source: traced(String(loaded.source), place.file) }
}

/** `source` with a call of `__entered` at the start of each function that has a body. */
export function traced(source, file) {
  const call = `__entered(${JSON.stringify(file)})`
  const inserts = []
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body !== undefined) inserts.push(...entrance(node.body, call))
    ts.forEachChild(node, visit)
  }
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS)
  visit(tree)
  return inserts.toSorted((a, b) => b.at - a.at).reduce((text, { at, insert }) => text.slice(0, at) + insert + text.slice(at), source)
}

function entrance(body, call) {
  if (ts.isBlock(body)) return [{ at: body.getStart() + 1, insert: `${call};` }]
  return [
    { at: body.getStart(), insert: `(${call},` },
    { at: body.getEnd(), insert: ')' },
  ]
}
