import { numeric, pgSchema, text, uuid } from 'drizzle-orm/pg-core'

const crm = pgSchema('crm')

export const accounts = crm.table('accounts', {
  id: uuid('account_id').primaryKey(),
  creditLimit: numeric('credit_limit').notNull(),
})

export const people = crm.table('people', {
  id: uuid('person_id').primaryKey(),
  email: text().notNull(),
  name: text().notNull(),
})

export const memberships = crm.table('memberships', {
  personId: uuid('person_id').notNull(),
  accountId: uuid('account_id').notNull(),
})

export const contacts = crm.table('contacts', {
  id: uuid('contact_id').primaryKey(),
  accountId: uuid('account_id').notNull(),
  name: text('full_name').notNull(),
})

export const deals = crm.table('deals', {
  id: uuid().primaryKey(),
  accountId: uuid('account_id').notNull(),
  title: text().notNull(),
  amount: numeric().notNull(),
  stage: text().notNull(),
  approvedBy: uuid('approved_by'),
})
