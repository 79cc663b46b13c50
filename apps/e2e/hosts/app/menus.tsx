import { Menu as BaseMenu } from '@base-ui/react/menu'
import { MenuItem as MuiItem, Menu as MuiMenu } from '@mui/material'
import * as RadixMenu from '@radix-ui/react-dropdown-menu'
import { useState } from 'react'
import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { HostProps } from './Host.js'

export function RadixDropdown({ confirm, status, hear }: HostProps) {
  return (
    <RadixMenu.Root defaultOpen onOpenChange={(isOpen) => isOpen || hear('closed')}>
      <RadixMenu.Trigger>Host</RadixMenu.Trigger>
      <RadixMenu.Portal>
        <RadixMenu.Content>
          <RadixMenu.Item onSelect={() => hear('selected')}>{confirm}</RadixMenu.Item>
          <RadixMenu.Item onSelect={() => hear('selected')}>{status}</RadixMenu.Item>
        </RadixMenu.Content>
      </RadixMenu.Portal>
    </RadixMenu.Root>
  )
}

export function MuiDropdown({ confirm, status, hear }: HostProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [isOpen, setOpen] = useState(true)
  const close = () => {
    setOpen(false)
    hear('closed')
  }
  return (
    <>
      <button type="button" ref={setAnchor}>
        Host
      </button>
      <MuiMenu open={isOpen && anchor !== null} anchorEl={anchor} onClose={close}>
        <MuiItem onClick={() => hear('selected')}>{confirm}</MuiItem>
        <MuiItem onClick={() => hear('selected')}>{status}</MuiItem>
      </MuiMenu>
    </>
  )
}

export function BaseDropdown({ confirm, status, hear }: HostProps) {
  return (
    <BaseMenu.Root defaultOpen onOpenChange={(isOpen) => isOpen || hear('closed')}>
      <BaseMenu.Trigger>Host</BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner>
          <BaseMenu.Popup>
            {/* Beside the items: an item of Base UI takes the focus that something in it was given. */}
            <BaseMenu.Item onClick={() => hear('selected')}>Open</BaseMenu.Item>
            {confirm} {status}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}

export function AriaDropdown({ confirm, status, hear }: HostProps) {
  return (
    <MenuTrigger defaultOpen onOpenChange={(isOpen) => isOpen || hear('closed')}>
      <Button>Host</Button>
      <Popover>
        <AriaMenu aria-label="Host" onAction={() => hear('selected')}>
          <MenuItem textValue="Booking">{confirm}</MenuItem>
          <MenuItem textValue="Lead">{status}</MenuItem>
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
