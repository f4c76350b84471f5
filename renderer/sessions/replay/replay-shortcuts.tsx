import { Modal } from '@mantine/core'

const keys: readonly (readonly [readonly string[], string])[] = [
  [['Space'], 'play or pause'],
  [['J', 'K'], 'next and previous statement'],
  [['←', '→'], '5 seconds'],
  [['[', ']'], 'slower, faster'],
  [['N', 'D'], 'to the next denied'],
  [['N', 'A'], 'to the next approval'],
  [['N', 'W'], 'to the next write'],
  [['N', 'M'], 'to the next with masked values'],
  [['+', '−'], 'zoom in, zoom out'],
  [['0'], 'the whole session'],
  [['C'], 'copy a link to this moment'],
  [['Esc'], 'back to all sessions'],
]

export function ReplayShortcuts({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
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
