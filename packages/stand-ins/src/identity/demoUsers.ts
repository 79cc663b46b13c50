/** Who can sign in on one machine: ana and ben of one organisation, eve of another. */
export const DEMO_USERS = {
  ana: { sub: 'user-456', name: 'Ana', orgId: 'org-1' },
  ben: { sub: 'user-789', name: 'Ben', orgId: 'org-1' },
  eve: { sub: 'user-999', name: 'Eve', orgId: 'org-2' },
} as const satisfies Record<string, DemoUser>

export interface DemoUser {
  sub: string
  name: string
  orgId: string
}

export type DemoUserName = keyof typeof DEMO_USERS

/** True when `name` may sign in. */
export function isDemoUserName(name: unknown): name is DemoUserName {
  return typeof name === 'string' && Object.hasOwn(DEMO_USERS, name)
}
