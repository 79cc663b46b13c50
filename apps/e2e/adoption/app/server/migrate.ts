import { createDependencies, loadConfig } from '@org/api'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

// As the owner of the database: first the app's own tables, then the API's inside and what maps the tables.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1 })
await migrate(drizzle(pool), { migrationsFolder: 'migrations/own' })
await pool.end()

const config = loadConfig({ ...process.env, MODULES: 'leads', MIGRATIONS_DIRS: 'migrations/buttons' }, { signIn: 'app' })
await (await createDependencies(config)).close()
