import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { DialogPanel, DialogTitle, Dialog as HeadlessDialog } from '@headlessui/react'
import { Dialog as MuiDialog, DialogTitle as MuiTitle } from '@mui/material'
import * as RadixDialog from '@radix-ui/react-dialog'
import { useEffect, useRef, useState } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import type { HostProps } from './Host.js'

function useOpen(hear: HostProps['hear']): [isOpen: boolean, setOpen: (isOpen: boolean) => void] {
  const [isOpen, setOpen] = useState(true)
  const change = (next: boolean) => {
    setOpen(next)
    if (!next) hear('closed')
  }
  return [isOpen, change]
}

export function NativeModal({ confirm, status, hear }: HostProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => ref.current?.showModal(), [])
  return (
    <dialog ref={ref} aria-label="Host" onClose={() => hear('closed')}>
      {confirm} {status}
    </dialog>
  )
}

export function RadixModal({ confirm, status, hear }: HostProps) {
  const [isOpen, setOpen] = useOpen(hear)
  return (
    <RadixDialog.Root open={isOpen} onOpenChange={setOpen}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay />
        <RadixDialog.Content className="host" aria-describedby={undefined}>
          <RadixDialog.Title>Host</RadixDialog.Title>
          {confirm} {status}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}

export function BaseModal({ confirm, status, hear }: HostProps) {
  const [isOpen, setOpen] = useOpen(hear)
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={setOpen}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop />
        <BaseDialog.Popup className="host">
          <BaseDialog.Title>Host</BaseDialog.Title>
          {confirm} {status}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

export function AriaModal({ confirm, status, hear }: HostProps) {
  const [isOpen, setOpen] = useOpen(hear)
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={setOpen} isDismissable>
      <Modal className="host">
        <AriaDialog>
          <Heading slot="title">Host</Heading>
          {confirm} {status}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

export function MuiModal({ confirm, status, hear }: HostProps) {
  const [isOpen, setOpen] = useOpen(hear)
  return (
    <MuiDialog open={isOpen} onClose={() => setOpen(false)}>
      <MuiTitle>Host</MuiTitle>
      {confirm} {status}
    </MuiDialog>
  )
}

export function HeadlessModal({ confirm, status, hear }: HostProps) {
  const [isOpen, setOpen] = useOpen(hear)
  return (
    <HeadlessDialog open={isOpen} onClose={() => setOpen(false)}>
      <DialogPanel className="host">
        <DialogTitle>Host</DialogTitle>
        {confirm} {status}
      </DialogPanel>
    </HeadlessDialog>
  )
}
