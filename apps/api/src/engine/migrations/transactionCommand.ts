// Comments, quoted texts and names, and bodies of functions: what stands there is no command of the file.
const NO_COMMAND =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\$((?:[A-Za-z_]\w*)?)\$[\s\S]*?\$\1\$|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"/g
// Going back to a savepoint ends nothing.
const COMMAND = /^(?:begin|start\s+transaction|commit|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b)|abort|prepare\s+transaction)\b/i

/** The first statement of a script that begins or ends a transaction; null when there is none. Pure. */
export function transactionCommand(sql: string): string | null {
  const statements = sql.replace(NO_COMMAND, ' ').split(';')
  return statements.map((statement) => COMMAND.exec(statement.trim())?.[0] ?? null).find((command) => command !== null) ?? null
}
