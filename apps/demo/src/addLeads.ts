import type { Database } from '@org/api'

/** The organisation of ana and ben. */
const TENANT = 'org-1'

/**
 * Fills their organisation up to `count` leads, each with a name, a fictional phone (555-01xx) and any status. Leads that
 * are there stay as they are, also those made by a start before.
 */
export async function addLeads(database: Database, count: number): Promise<void> {
  const [present] = await database.query<{ leads: number; last: number }>(PRESENT, [TENANT])
  const { leads = 0, last = 0 } = present ?? {}
  if (count > leads) await database.write(INSERT, [TENANT, last + 1, last + count - leads])
}

// Numbers below 1,000 are the seeds'.
const PRESENT = `
  select
    count(*) filter (where org_id = $1)::int as leads,
    greatest(1000, max(substring(id from '^lead-(\\d{1,6})$')::int)) as last
  from public.leads`

const INSERT = `
  with names as (
    select
      array['Amara','Bruno','Chiara','Dmitri','Elena','Farid','Greta','Hiro','Ines','Jonas','Keiko','Liam','Mei','Noah','Olga','Pablo','Rosa','Samir','Tara','Yusuf'] as given,
      array['Adler','Bianchi','Castro','Dubois','Eriksen','Ferreira','Gupta','Hansen','Ito','Jensen','Kowalski','Larsen','Mendes','Nguyen','Olsen','Petrov','Quinn','Romero','Sato','Tanaka','Ueda','Varga','Weiss','Yilmaz','Zhou'] as family,
      array['205','212','303','312','404','415','503','512','602','617','702','713','801','813','901','916'] as area,
      array['new','contacted','qualified','proposal_sent','negotiating','won','lost'] as status
  )
  insert into public.leads (id, org_id, name, phone, status)
  select
    'lead-' || n, $1, given[1 + n % 20] || ' ' || chr(65 + n / 500 % 26) || '. ' || family[1 + n / 20 % 25],
    '+1' || area[1 + n / 100 % 16] || '55501' || lpad((n % 100)::text, 2, '0'), status[1 + n * 3 % 7]
  from names, generate_series($2::int, $3::int) as n
  on conflict (id) do nothing`
