import type pg from 'pg'

/** What one end of a transaction says, and the ledger's statement that travels with it. */
export interface Edge {
  /** `begin …`, before the statement, or `commit`, after it. */
  command: string
  place: 'before' | 'after'
  text: string
  values: (string | null)[]
  /** What this connection keeps the statement under; undefined: it is not kept. */
  name?: string | undefined
}

/** Of pg's connection, what a query of one's own writes to. */
interface Wire {
  stream: { cork(): void; uncork(): void }
  parsedStatements: Record<string, string>
  parse(message: { name?: string | undefined; text: string }): void
  bind(message: { statement?: string | undefined; values: (string | null)[] }): void
  execute(message: { rows: number }): void
  sync(): void
}

/**
 * Two statements in one message, of which Postgres leaves out the rest where one fails; it resolves to the one value that the
 * ledger's gives, as text. pg would send them one by one, or as one text that is planned anew each time, and makes a result
 * of several objects of each.
 */
export class EdgeQuery implements pg.Submittable {
  readonly #edge: Edge
  /** pg reads these two: whatever is parsed first here is what it takes this connection to keep. */
  readonly name: string | undefined
  readonly text: string
  /** How pg hands over the end, and puts a time limit of its own around it. */
  callback: (error: Error | null, value?: string | null) => void
  readonly answered: Promise<string | null>
  #value: string | null = null

  constructor(edge: Edge) {
    this.#edge = edge
    this.name = edge.name
    this.text = edge.text
    this.callback = () => undefined
    this.answered = new Promise((resolve, reject) => {
      this.callback = (error, value = null) => (error === null ? resolve(value) : reject(error))
    })
  }

  submit(connection: pg.Connection): void {
    const wire = connection as unknown as Wire
    const { command, place, text, values, name } = this.#edge
    wire.stream.cork()
    if (name !== undefined && wire.parsedStatements[name] === undefined) wire.parse({ name, text })
    if (place === 'before') send(wire, { text: command, values: [] })
    send(wire, { text, values, name })
    if (place === 'after') send(wire, { text: command, values: [] })
    wire.sync()
    wire.stream.uncork()
  }

  handleDataRow({ fields: [value = null] }: { fields: (string | null)[] }): void {
    this.#value = value
  }

  handleError(error: Error): void {
    this.callback(error)
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#value)
  }

  // The columns are known, and no statement here copies anything.
  handleRowDescription(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}

function send(wire: Wire, { text, values, name }: Pick<Edge, 'text' | 'values' | 'name'>): void {
  if (name === undefined) wire.parse({ text })
  wire.bind({ statement: name, values })
  wire.execute({ rows: 0 })
}
