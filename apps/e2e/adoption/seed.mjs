import { randomUUID } from 'node:crypto'

/**
 * Puts an account of its own into the team's tables, beside whatever is there: two people of it, and one of another account.
 * @param {{ query(text: string, values?: unknown[]): Promise<unknown> }} owner
 */
export async function seed(owner) {
  const account = { id: randomUUID(), name: 'Ours', limit: 10_000 }
  const other = { id: randomUUID(), name: 'Another', limit: 10_000 }
  for (const { id, name, limit } of [account, other]) {
    await owner.query('insert into crm.accounts (account_id, name, credit_limit) values ($1, $2, $3)', [id, name, limit])
  }
  const people = {
    ana: await addPerson(owner, 'Ana', account),
    ben: await addPerson(owner, 'Ben', account),
    eve: await addPerson(owner, 'Eve', other),
  }
  const contact = randomUUID()
  await owner.query('insert into crm.contacts (contact_id, account_id, full_name, mobile) values ($1, $2, $3, $4)', [
    contact,
    account.id,
    'Carla Ruiz',
    '+14155550101',
  ])
  const deals = {
    small: await addDeal(owner, account, 'Two licences', 900),
    exact: await addDeal(owner, account, 'The whole floor', 10_000),
    large: await addDeal(owner, account, 'The whole house', 50_000),
  }
  return { people, contact, deals }
}

async function addPerson(owner, name, account) {
  const id = randomUUID()
  const email = `${name.toLowerCase()}@${account.id}.example`
  await owner.query('insert into crm.people (person_id, email, name) values ($1, $2, $3)', [id, email, name])
  await owner.query('insert into crm.memberships (person_id, account_id) values ($1, $2)', [id, account.id])
  return { id, email, name }
}

async function addDeal(owner, account, title, amount) {
  const id = randomUUID()
  await owner.query('insert into crm.deals (id, account_id, title, amount) values ($1, $2, $3, $4)', [id, account.id, title, amount])
  return id
}
