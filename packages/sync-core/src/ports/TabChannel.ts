/** Messages to all other tabs of the same name. May lose messages (a frozen tab); never the only copy of anything. */
export interface TabChannel {
  /** Structured-clone data. Not delivered to the sender. */
  post(message: unknown): void
  /** Until it is closed. */
  subscribe(listener: (message: unknown) => void): void
  close(): void
}

export type OpenTabChannel = (name: string) => TabChannel
