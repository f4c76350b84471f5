import { Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { CallFailed, call } from '../../api/call.ts'
import { configurationQuery, policiesQuery } from '../../api/queries.ts'
import { Cross, Warn } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import { Bone } from '../../ui/parts/screen-state.tsx'
import { nounWords } from '../../ui/words.ts'
import type { Draft } from '../draft/use-draft.ts'
import { ChangeRefused } from './change-refused.tsx'
import { DifferenceLines } from './difference-lines.tsx'
import { Meanwhile } from './meanwhile.tsx'

interface Props {
  readonly draft: Draft
  readonly opened: boolean
  readonly onClose: () => void
  readonly onSaved: (version: number) => void
}

/** What would change, what speaks against it, and why: then the draft is put in force. */
export function Review({ draft, opened, onClose, onSaved }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Review and save"
      size={760}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ content: 'review' }}
    >
      {draft.meanwhile ? <Meanwhile draft={draft} now={draft.meanwhile} /> : <Form draft={draft} onClose={onClose} onSaved={onSaved} />}
    </Modal>
  )
}

function Form({ draft, onClose, onSaved }: Omit<Props, 'opened'>) {
  const client = useQueryClient()
  const [comment, setComment] = useState('')
  const [forced, setForced] = useState(false)
  const { check, stale } = draft
  const saving = useMutation({
    mutationFn: () =>
      call('changeConfiguration', { body: { version: draft.base.version, yaml: draft.text, comment: comment.trim(), force: forced } }),
    onSuccess: async (answer) => {
      await Promise.all([
        client.invalidateQueries({ queryKey: configurationQuery.queryKey }),
        client.invalidateQueries({ queryKey: policiesQuery.queryKey }),
      ])
      onSaved(answer.version)
    },
    onError: async (error) => {
      // Somebody was faster: their version is read, and shown first.
      if (error instanceof CallFailed && error.status === 409) await client.invalidateQueries({ queryKey: configurationQuery.queryKey })
    },
  })
  if (!check || stale)
    return (
      <div className="dialog-form" aria-busy="true">
        <p className="small second" role="status">
          {draft.checkError ? '' : 'Checking the draft'}
        </p>
        {draft.checkError ? <ChangeRefused error={draft.checkError} /> : <Bone height={120} />}
      </div>
    )
  const failing = check.tests.filter((test) => !test.passed)
  const lockOut = check.warnings.filter(({ kind }) => kind === 'lock-out')
  const needsForce = failing.length > 0 || lockOut.length > 0
  const ready = check.faults.length === 0 && comment.trim() !== '' && (!needsForce || forced)
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) saving.mutate()
      }}
    >
      <p className="small second">
        {nounWords(check.difference.added, 'line')} added, {nounWords(check.difference.removed, 'line')} removed, against version{' '}
        {draft.base.version}.
        {check.endsSessions > 0
          ? ` It ends ${nounWords(check.endsSessions, 'running session')}.`
          : ' Running sessions go on under it at once.'}
        {check.fromNextStart.length > 0 ? ` From the host’s next start on: ${check.fromNextStart.join(', ')}.` : ''}
      </p>
      <DifferenceLines difference={check.difference} />
      {check.faults.length > 0 ? (
        <Findings title={`${nounWords(check.faults.length, 'fault')}: it cannot be put in force`} bad>
          {check.faults.map((fault) => `line ${fault.line}${fault.path === '' ? '' : `, ${fault.path}`}: ${fault.message}`)}
        </Findings>
      ) : null}
      {check.warnings.length > 0 ? (
        <Findings title={nounWords(check.warnings.length, 'warning')}>
          {check.warnings.map((warning) => `${warning.path === '' ? '' : `${warning.path}: `}${warning.message}`)}
        </Findings>
      ) : null}
      {failing.length > 0 ? (
        <Findings title={`${nounWords(failing.length, 'test')} of ${check.tests.length} ${failing.length === 1 ? 'fails' : 'fail'}`} bad>
          {failing.map((test) => `${test.name ?? test.statement}: ${test.message ?? ''}`)}
        </Findings>
      ) : null}
      {needsForce && check.faults.length === 0 ? (
        <label className="tick">
          <input type="checkbox" checked={forced} onChange={(event) => setForced(event.currentTarget.checked)} />
          {lockOut.length > 0 ? 'Save it although I would lose my role' : 'Save it although tests fail'}
        </label>
      ) : null}
      <label className="field">
        Why, for those who read the versions later
        <input
          value={comment}
          maxLength={1000}
          required
          placeholder="At most 200 rows a write, after ticket 4821"
          onChange={(event) => setComment(event.currentTarget.value)}
          data-autofocus
        />
      </label>
      {saving.error ? <ChangeRefused error={saving.error} /> : null}
      <div className="acts">
        <Button look="ghost" onClick={onClose}>
          Back to the draft
        </Button>
        <Button type="submit" look="solid" disabled={!ready || saving.isPending}>
          {saving.isPending ? 'Saving' : 'Put in force'}
        </Button>
      </div>
    </form>
  )
}

function Findings({ title, bad = false, children }: { title: string; bad?: boolean; children: readonly string[] }) {
  return (
    <div className={bad ? 'warning bad' : 'warning'}>
      {bad ? <Cross /> : <Warn />}
      <div>
        <b>{title}</b>
        <ul className="findings">
          {children.slice(0, 12).map((each) => (
            <li key={each}>{each}</li>
          ))}
          {children.length > 12 ? <li>and {children.length - 12} more</li> : null}
        </ul>
      </div>
    </div>
  )
}
