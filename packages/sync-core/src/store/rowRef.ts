/** A row as a map key. Table names hold no line break, so two rows never share one, and none is a table's name. */
export function rowRef(table: string, id: string): string {
  return `${table}\n${id}`
}
