import { Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ChangeResponse } from '../../../main/contract/index.ts'
import { CallFailed } from '../../api/call.ts'
import { Button } from './button.tsx'
import { wordsOf } from './screen-state.tsx'
import { SignInAgain, wantsSignIn } from './sign-in-again.tsx'
import './list.css'
import './review-change.css'

export interface ChangeLine {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly text: string
}

const SIGNS = { added: '+', removed: '−', changed: '~' } as const
const WORDS = { added: 'Added: ', removed: 'Removed: ', changed: 'Changed: ' } as const

interface Props {
  readonly opened: boolean
  readonly title: string
  readonly lines: readonly ChangeLine[]
  /** Of the configuration that the lines were compared with. */
  readonly version: number
  readonly save: (order: { readonly version: number; readonly comment: string; readonly force: boolean }) => Promise<ChangeResponse>
  /** Somebody else was faster: read what is in force now, so that the lines are compared with that. */
  readonly readAgain: () => Promise<unknown>
  readonly onSaved: (answer: ChangeResponse) => void
  readonly onClose: () => void
}

/** The last look before a change is in force: what changes, why, and whatever the host has against it. */
export function ReviewChange({ opened, title, lines, version, save, readAgain, onSaved, onClose }: Props) {
  const [comment, setComment] = useState('')
  const [force, setForce] = useState(false)
  const [moved, setMoved] = useState(false)
  const saving = useMutation({
    mutationFn: () => save({ version, comment: comment.trim(), force }),
    onSuccess: (answer) => {
      setComment('')
      setForce(false)
      setMoved(false)
      onSaved(answer)
    },
    onError: async (error) => {
      if (!(error instanceof CallFailed) || error.status !== 409) return
      await readAgain()
      setMoved(true)
      saving.reset()
    },
  })
  const needsForce = saving.error instanceof CallFailed && saving.error.status === 422
  const faults = saving.error instanceof CallFailed ? (saving.error.problem?.errors ?? []) : []
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={620} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        {moved ? (
          <p className="warning" role="status">
            <span>
              <b>Somebody changed the configuration meanwhile.</b> Version {version} is in force now. Your changes are laid over it below:
              look at them again, then save.
            </span>
          </p>
        ) : null}
        <ul className="change-lines" aria-label="What changes">
          {lines.map((line) => (
            <li key={line.text} className={line.kind}>
              <span aria-hidden="true">{SIGNS[line.kind]}</span>
              <span>
                <span className="unseen">{WORDS[line.kind]}</span>
                {line.text}
              </span>
            </li>
          ))}
          {lines.length === 0 ? <li>It is in force already: nothing is left to change.</li> : null}
        </ul>
        <label className="field">
          Why, for those who read the versions later
          <input
            value={comment}
            maxLength={1000}
            placeholder="After the review of Tuesday"
            onChange={(event) => setComment(event.currentTarget.value)}
            data-autofocus
          />
        </label>
        {saving.error ? (
          <div className="small in-deny" role="alert">
            {wordsOf(saving.error)}
            {faults.length > 0 ? (
              <ul className="faults">
                {faults.map((fault) => (
                  <li key={`${fault.at} ${fault.message}`}>
                    {fault.at ? <code>{fault.at}</code> : null} {fault.message}
                  </li>
                ))}
              </ul>
            ) : null}
          </div>
        ) : null}
        {wantsSignIn(saving.error) ? <SignInAgain then="save here once more" /> : null}
        {needsForce ? (
          <label className="row small">
            <input type="checkbox" checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />
            Save it all the same
          </label>
        ) : null}
        <div className="acts">
          <Button onClick={onClose}>Back to the draft</Button>
          <Button type="submit" look="solid" disabled={saving.isPending || lines.length === 0 || (needsForce && !force)}>
            {saving.isPending ? 'Saving' : 'Put in force'}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
