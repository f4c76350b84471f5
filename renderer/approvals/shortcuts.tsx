import { Modal } from '@mantine/core'

const keys: readonly (readonly [readonly string[], string])[] = [
  [['J', 'K'], 'next and previous request'],
  [['A', '⏎'], 'arm for 3 seconds, then approve'],
  [['L'], 'approve with limits, or show values'],
  [['R'], 'rehearse: run it and roll it back'],
  [['D'], 'deny, and say what to do instead'],
  [['1', '4'], 'take a suggestion, while denying'],
  [['Esc'], 'drop, leave a field, go back'],
  [['?'], 'this list'],
]

export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Shortcuts" size={380} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className="keys">
        {keys.map(([caps, what]) => (
          <div key={what}>
            <dt>
              {caps.map((cap) => (
                <kbd key={cap}>{cap}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="meta third">Keys are off while you type.</p>
    </Modal>
  )
}
