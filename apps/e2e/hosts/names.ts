export type Kind = 'modal' | 'menu' | 'row' | 'grid'

/** The hosts of app/hosts.ts, which tests cannot import: its libraries are installed outside the workspace. */
export const HOSTS: Readonly<Record<string, Kind>> = {
  'a native <dialog>': 'modal',
  'a Radix Dialog': 'modal',
  'a Base UI Dialog': 'modal',
  'a React Aria Modal': 'modal',
  'an MUI Dialog': 'modal',
  'a Headless UI Dialog': 'modal',
  'a Radix DropdownMenu': 'menu',
  'an MUI Menu': 'menu',
  'a Base UI Menu': 'menu',
  'a React Aria Menu': 'menu',
  'a row with handlers of its own': 'row',
  'a React Aria Table': 'grid',
  'a React Aria GridList': 'grid',
}
