import type { ComponentType } from 'react'
import { AriaGridList, AriaTable, NativeRow } from './grids.js'
import type { HostProps } from './Host.js'
import { AriaDropdown, BaseDropdown, MuiDropdown, RadixDropdown } from './menus.js'
import { AriaModal, BaseModal, HeadlessModal, MuiModal, NativeModal, RadixModal } from './modals.js'

/** By the names that the tests print. */
export const HOSTS: Readonly<Record<string, ComponentType<HostProps>>> = {
  'a native <dialog>': NativeModal,
  'a Radix Dialog': RadixModal,
  'a Base UI Dialog': BaseModal,
  'a React Aria Modal': AriaModal,
  'an MUI Dialog': MuiModal,
  'a Headless UI Dialog': HeadlessModal,
  'a Radix DropdownMenu': RadixDropdown,
  'an MUI Menu': MuiDropdown,
  'a Base UI Menu': BaseDropdown,
  'a React Aria Menu': AriaDropdown,
  'a row with handlers of its own': NativeRow,
  'a React Aria Table': AriaTable,
  'a React Aria GridList': AriaGridList,
}
