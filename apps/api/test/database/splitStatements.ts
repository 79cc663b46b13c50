/** Splits a script at its semicolons, outside of quotes, dollar quotes and comments: what a migration tool sends one by one. */
export function splitStatements(script: string): string[] {
  const statements: string[] = []
  let statement = ''
  for (const [piece] of script.matchAll(/--[^\n]*|'(?:[^']|'')*'|"[^"]*"|(\$\w*\$)[\s\S]*?\1|;|[^;'"$-]+|[$-]/g)) {
    if (piece === ';') {
      statements.push(statement.trim())
      statement = ''
    } else statement += piece
  }
  return [...statements, statement.trim()].filter((text) => text.replace(/--[^\n]*/g, '').trim() !== '')
}
