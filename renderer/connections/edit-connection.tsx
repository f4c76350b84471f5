import { Drawer } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { connectionsQuery } from '../api/queries.ts'
import { Flask } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { ReviewChange } from '../ui/parts/review-change.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import { type ConnectionSource, describeConnection, fieldsOf, sourceWith } from './connection-draft.ts'
import { ConnectionForm } from './connection-form.tsx'
import { TestResult } from './test-result.tsx'

interface Props {
  /** Undefined: a new one. */
  readonly source: ConnectionSource | undefined
  readonly all: readonly ConnectionSource[]
  readonly version: number
  readonly opened: boolean
  readonly onClose: () => void
}

/** Adds a connection or changes one, in a side panel: tried as often as wanted, in force only after a last look. */
export function EditConnection({ source, all, version, opened, onClose }: Props) {
  const client = useQueryClient()
  const [fields, setFields] = useState(() => fieldsOf(source ?? {}))
  const [reviewing, setReviewing] = useState(false)
  const next = sourceWith(source ?? {}, fields)
  const testing = useMutation({ mutationFn: () => call('testDraftConnection', { body: { connection: next } }) })
  const lines = describeConnection(source, fields)
  const taken = source === undefined && all.some((one) => one['name'] === fields.name.trim())
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={480}
      title={source ? `Change ${fields.name}` : 'Add a connection'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          setReviewing(true)
        }}
      >
        <ConnectionForm fields={fields} change={setFields} isNew={source === undefined} />
        {taken ? <p className="small in-deny">There is a connection of that name already.</p> : null}
        {testing.error ? (
          <p className="small in-deny" role="alert">
            {wordsOf(testing.error)}
          </p>
        ) : null}
        {testing.data && !testing.isPending ? <TestResult test={testing.data} /> : null}
        <div className="acts">
          <Button icon={<Flask />} disabled={testing.isPending || fields.host === ''} onClick={() => testing.mutate()}>
            {testing.isPending ? 'Testing' : 'Test it'}
          </Button>
          <Button type="submit" look="solid" disabled={lines.length === 0 || taken}>
            Review and save…
          </Button>
        </div>
      </form>
      <ReviewChange
        opened={reviewing}
        title={source ? `Change ${fields.name}?` : `Add ${fields.name}?`}
        lines={lines}
        version={version}
        save={(order) =>
          call('changeConnections', {
            body: {
              ...order,
              connections: source === undefined ? [...all, next] : all.map((one) => (one['name'] === source['name'] ? next : one)),
            },
          })
        }
        readAgain={() => client.refetchQueries({ queryKey: connectionsQuery.queryKey })}
        onSaved={() => {
          setReviewing(false)
          onClose()
          void client.invalidateQueries({ queryKey: ['connections'] })
          void client.invalidateQueries({ queryKey: ['configuration'] })
        }}
        onClose={() => setReviewing(false)}
      />
    </Drawer>
  )
}
