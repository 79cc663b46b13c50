import pg from 'pg'

const AT_ONCE = 4

/**
 * Another database of the same server in which transactions begin, write and are rolled back: they use up transaction
 * numbers that Postgres hands out again after a crash.
 */
export class Neighbour {
  readonly #url: string
  #goesOn = false
  #workers: Promise<void>[] = []

  constructor(url: string) {
    this.#url = url
  }

  /** Goes on until told to stop, also over a crash of the server. */
  start(): void {
    this.#goesOn = true
    this.#workers = Array.from({ length: AT_ONCE }, () => this.#work())
  }

  async stop(): Promise<void> {
    this.#goesOn = false
    await Promise.all(this.#workers)
  }

  async #work(): Promise<void> {
    while (this.#goesOn) {
      const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: 2_000 })
      client.on('error', () => undefined)
      try {
        await client.connect()
        await client.query('create table if not exists public.scratch (n integer)')
        while (this.#goesOn) await client.query('begin; insert into public.scratch values (1); rollback')
      } catch {
        // The server is away: that is what this is for.
      } finally {
        await client.end().catch(() => undefined)
      }
    }
  }
}
