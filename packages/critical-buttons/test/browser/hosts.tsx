import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import * as RadixDialog from '@radix-ui/react-dialog'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

export interface HostProps {
  children: ReactNode
  /** Called when the host modal closes, for whatever reason. */
  onClose: () => void
}

/** Modals as host pages have them, each open from the start. */
export const HOSTS = {
  'a native <dialog>': NativeHost,
  'Radix Dialog': RadixHost,
  'Base UI Dialog': BaseHost,
  'React Aria Modal': AriaHost,
}

function NativeHost({ children, onClose }: HostProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    ref.current?.showModal()
  }, [])
  return (
    <dialog ref={ref} aria-label="Host" data-host="" onClose={onClose}>
      {children}
    </dialog>
  )
}

function useOpen(onClose: () => void): [isOpen: boolean, setOpen: (isOpen: boolean) => void] {
  const [isOpen, setOpen] = useState(true)
  const change = (next: boolean) => {
    setOpen(next)
    if (!next) onClose()
  }
  return [isOpen, change]
}

function RadixHost({ children, onClose }: HostProps) {
  const [isOpen, setOpen] = useOpen(onClose)
  return (
    <RadixDialog.Root open={isOpen} onOpenChange={setOpen}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay />
        <RadixDialog.Content data-host="" aria-describedby={undefined}>
          <RadixDialog.Title>Host</RadixDialog.Title>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}

function BaseHost({ children, onClose }: HostProps) {
  const [isOpen, setOpen] = useOpen(onClose)
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={setOpen}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop />
        <BaseDialog.Popup data-host="">
          <BaseDialog.Title>Host</BaseDialog.Title>
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

function AriaHost({ children, onClose }: HostProps) {
  const [isOpen, setOpen] = useOpen(onClose)
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={setOpen} isDismissable>
      <Modal data-host="">
        <AriaDialog>
          <Heading slot="title">Host</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
