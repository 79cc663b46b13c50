import type { Module } from '../../engine/Module.js'

/** The tables `leads` and `appointments` of whoever starts from nothing: its SQL maps them, and nothing runs. */
export function crmModule(): Module {
  return { name: 'crm' }
}
