/** Where Supabase Realtime is, and the project's public key. */
export interface RealtimePlace {
  url: string
  key: string
}

/** What the page shows of an account at first; from then on the buttons follow the rows. */
export interface Desk {
  person: string
  contacts: { id: string; name: string; status: string }[]
  deals: { id: string; title: string; amount: string; stage: string }[]
  /** Null: there is none. */
  realtime: RealtimePlace | null
}
