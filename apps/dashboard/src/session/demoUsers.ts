/** Who can sign in at the demo: two of one organisation, one of another. */
export const DEMO_USERS = [
  { key: 'ana', id: 'user-456', name: 'Ana', organisation: 'Riverside' },
  { key: 'ben', id: 'user-789', name: 'Ben', organisation: 'Riverside' },
  { key: 'eve', id: 'user-999', name: 'Eve', organisation: 'Hillcrest' },
] as const

export type DemoUser = (typeof DEMO_USERS)[number]
export type DemoUserKey = DemoUser['key']

/** The name to show for a user id; undefined when it is nobody the demo knows. */
export function nameOfUser(userId: string): string | undefined {
  return DEMO_USERS.find(({ id }) => id === userId)?.name
}

export function isDemoUserKey(key: unknown): key is DemoUserKey {
  return DEMO_USERS.some((user) => user.key === key)
}
