import { Modal } from '@mantine/core'
import { Button } from '../ui/parts/button.tsx'

/** A draft would be lost: asks first. */
export function AskFirst({ opened, stay, drop }: { opened: boolean; stay: () => void; drop: () => void }) {
  return (
    <Modal opened={opened} onClose={stay} title="Drop the draft?" size={400} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className="dialog-form">
        <p className="small second">It is kept nowhere else. What is in force stays as it is.</p>
        <div className="acts">
          <Button onClick={stay} data-autofocus>
            Keep it
          </Button>
          <Button look="deny-soft" onClick={drop}>
            Drop the draft
          </Button>
        </div>
      </div>
    </Modal>
  )
}
