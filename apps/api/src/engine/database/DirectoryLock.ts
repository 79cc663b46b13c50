/** Sole use of a data directory. It dies with its process, however that dies. */
export interface DirectoryLock {
  release(): Promise<void>
}
