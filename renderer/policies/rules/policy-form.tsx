import { Modal } from '@mantine/core'
import { useState } from 'react'
import { Button } from '../../ui/parts/button.tsx'
import type { PolicyHead } from '../draft/edits.ts'
import type { ReadDraft } from '../draft/read-draft.ts'
import { ListField } from './list-field.tsx'

interface Props {
  readonly opened: boolean
  /** Undefined: a new one. */
  readonly head: PolicyHead | undefined
  readonly known: ReadDraft
  readonly onClose: () => void
  readonly apply: (head: PolicyHead) => void
  readonly remove: () => void
}

/** For whom and where a policy is. */
export function PolicyForm({ opened, head, onClose, ...rest }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={head ? `Policy ${head.name}` : 'Add a policy'}
      size={440}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Form key={head?.name ?? ''} head={head} onClose={onClose} {...rest} />
    </Modal>
  )
}

function Form({ head, known, onClose, apply, remove }: Omit<Props, 'opened'>) {
  const [name, setName] = useState(head?.name ?? '')
  const [groups, setGroups] = useState<readonly string[]>(head?.groups ?? [])
  const [connections, setConnections] = useState<readonly string[]>(head?.connections ?? [])
  const taken = known.policies.some((policy) => policy.name === name && policy.name !== head?.name)
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault()
        apply({ name, groups, connections })
      }}
    >
      {head ? null : (
        <p className="small second">
          For these groups on these connections its rules are asked from top to bottom. It begins with one rule: a person is asked about
          reads.
        </p>
      )}
      <label className="field">
        Name
        <input
          value={name}
          required
          pattern="[A-Za-z0-9][A-Za-z0-9_.\-]{0,62}"
          placeholder="agents-on-shop"
          data-autofocus
          aria-invalid={taken}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {taken ? <span className="in-deny">There is a policy of this name.</span> : null}
      </label>
      <ListField label="For groups" known={known.groups} values={groups} onChange={setGroups} placeholder="ai-agents" />
      <ListField label="On connections" known={known.connections} values={connections} onChange={setConnections} placeholder="shop" />
      <div className="acts">
        {head ? (
          <Button look="deny" onClick={remove}>
            Remove the policy
          </Button>
        ) : null}
        <span className="fill" />
        <Button look="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" look="solid" disabled={taken || name === '' || groups.length === 0 || connections.length === 0}>
          Put into the draft
        </Button>
      </div>
    </form>
  )
}
