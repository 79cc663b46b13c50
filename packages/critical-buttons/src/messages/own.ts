/** What a record itself has under a name that a server gave: `constructor` finds nothing. */
export function own<Value>(record: Readonly<Partial<Record<string, Value>>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}
