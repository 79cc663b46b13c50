import { isSealed } from './seal.js'

/** One of our files, or one that lies where they shall go. */
export interface SqlFile {
  /** `<digits>_<name>.sql` */
  file: string
  text: string
}

/** What a copy comes to. */
export interface CopyPlan {
  /** To be written: new ones, and older copies that nobody changed. */
  write: SqlFile[]
  /** There already, as they are. */
  same: string[]
  /** Copies that somebody changed. While there are any, nothing is written. */
  changed: string[]
}

const FILE = /^(\d{1,20})_([\w-]+)\.sql$/

/**
 * Decides how our files come to lie among others. A copy is found by its name, whatever its version: ours where nothing
 * that lies there is younger, else one behind all of them, since tools refuse a version before one that was applied. Pure.
 * @param now in milliseconds
 */
export function planCopies(ours: readonly SqlFile[], there: readonly SqlFile[], now: number): CopyPlan {
  const plan: CopyPlan = { write: [], same: [], changed: [] }
  let newest = newestOf(there)
  for (const original of ours) {
    const copy = copyOf(original, there)
    if (copy !== undefined) place(plan, original, copy)
    else {
      const version = versionAfter(newest, original, now)
      newest = version
      plan.write.push({ file: `${version}_${nameOf(original)}.sql`, text: original.text })
    }
  }
  return plan
}

function place(plan: CopyPlan, { text }: SqlFile, copy: SqlFile): void {
  if (withoutReturns(copy.text) === text) plan.same.push(copy.file)
  else if (isSealed(copy.text) === true) plan.write.push({ file: copy.file, text })
  else plan.changed.push(copy.file)
}

/** A stranger's file of the same name is none, unless it is what we would write or lies exactly where ours would. */
function copyOf(original: SqlFile, there: readonly SqlFile[]): SqlFile | undefined {
  const named = there.filter((file) => nameOf(file) === nameOf(original))
  const isOurs = ({ text }: SqlFile) => withoutReturns(text) === original.text || isSealed(text) !== null
  return named.find(({ file }) => file === original.file) ?? named.find(isOurs)
}

function newestOf(files: readonly SqlFile[]): bigint {
  let newest = 0n
  for (const { file } of files) {
    const version = BigInt(FILE.exec(file)?.[1] ?? 0)
    if (version > newest) newest = version
  }
  return newest
}

function versionAfter(newest: bigint, { file }: SqlFile, now: number): bigint {
  const own = BigInt(FILE.exec(file)?.[1] ?? 0)
  if (own > newest) return own
  const current = BigInt(new Date(now).toISOString().replace(/\D/g, '').slice(0, 14))
  return current > newest ? current : newest + 1n
}

function nameOf({ file }: SqlFile): string {
  return FILE.exec(file)?.[2] ?? file
}

function withoutReturns(text: string): string {
  return text.replaceAll('\r\n', '\n')
}
