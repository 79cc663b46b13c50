import { hostname } from 'node:os'

// Postgres cuts names at 63 bytes, and the process must not be what is cut off.
const LONGEST_HOST = 44

/** `<host>:<process>`: this process among all replicas, also where several share a machine. In a container the host is its name. */
export const REPLICA = `${hostname().slice(0, LONGEST_HOST)}:${process.pid}`

/** What our connections call themselves: `pg_stat_activity` shows it, and `sync.replica()` reads who we are from it. */
export const CONNECTION_NAME = `org-api ${REPLICA}`
