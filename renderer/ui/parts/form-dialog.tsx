import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import './list.css'

interface Props {
  readonly title: string
  readonly opened: boolean
  readonly onClose: () => void
  readonly submit: () => void
  /** What the buttons say: leaving things as they are, and going on. */
  readonly stay: string
  readonly go: string
  /** `deny-soft`: it ends something. */
  readonly look?: 'solid' | 'deny-soft'
  readonly disabled: boolean
  readonly children: ReactNode
}

/** Asks for a few words before something is done. Nothing is done by closing it. */
export function FormDialog({ title, opened, onClose, submit, stay, go, look = 'solid', disabled, children }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={440} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {children}
        <div className="acts">
          <Button onClick={onClose}>{stay}</Button>
          <Button type="submit" look={look} disabled={disabled}>
            {go}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
