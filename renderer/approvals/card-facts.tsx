import { Link } from '@tanstack/react-router'
import type { Approval, Facts } from '../../main/contract/index.ts'
import { Warn } from '../ui/icons.tsx'
import { Label } from '../ui/parts/label.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { secondsWords } from '../ui/time/words.ts'
import { AffectedRows } from './affected-rows.tsx'
import { CardGrant } from './card-preview.tsx'
import { historyWords } from './count-words.ts'
import { touchedIn } from './touched.ts'

/** What the statement touches, what an approval would grant, and what came before it. */
export function CardFacts({ approval, ceiling }: { approval: Approval; ceiling: number | null }) {
  return (
    <>
      <AffectedRows approval={approval} />
      <TouchedTable facts={approval.facts} />
      {approval.facts.unknown.length > 0 ? (
        <p className="small row in-ask card-line">
          <Warn />
          <span>Not proved harmless: {approval.facts.unknown.join(', ')}</span>
        </p>
      ) : null}
      <CardGrant approval={approval} ceiling={ceiling} />
      <Given approval={approval} />
      <Before approval={approval} />
    </>
  )
}

/** Where more than one person has to agree: who has. */
function Given({ approval }: { approval: Approval }) {
  const { approvals, given } = approval.needs
  if (approvals < 2) return null
  return (
    <p className="small second">
      <span className="medium">
        {given.length} of {approvals} people have approved.
      </span>{' '}
      {given.map((one) => (
        <span key={`${one.by.issuer} ${one.by.subject}`}>
          {one.by.name} <Ago at={one.at} />.{' '}
        </span>
      ))}
    </p>
  )
}

/** What the session did before this: shapes and words, oldest first. */
function Before({ approval }: { approval: Approval }) {
  const { history, untrusted } = approval
  return (
    <section className="card-session small" aria-label="Before this">
      {history.recent.length > 0 ? (
        <span className="before-bars" aria-hidden="true">
          {history.recent.map((one) => (
            <i key={one.statement} className={one.effect} title={`${secondsWords(one.at)} ${one.sentence}`} />
          ))}
          <i className="now" />
        </span>
      ) : null}
      <span className="fill">
        {historyWords(history)}
        {untrusted.map((one) => (
          <span key={one.table} className="before-untrusted in-ask">
            <Warn size={13} /> read <code>{one.table}</code>, outsiders’ text, in{' '}
            <Link to="/sessions/$id" params={{ id: approval.sessionId }} search={{ statement: one.statement }}>
              statement {one.statement}
            </Link>
          </span>
        ))}
      </span>
      <Link to="/sessions/$id" params={{ id: approval.sessionId }} search={{ statement: approval.statement }} className="nowrap">
        Open session
      </Link>
    </section>
  )
}

export function TouchedTable({ facts }: { facts: Facts }) {
  const touched = touchedIn(facts)
  if (touched.length === 0) return null
  return (
    <table className="touched" aria-label="What it touches">
      <tbody>
        {touched.map((row) => (
          <tr key={row.relation}>
            <th scope="row">{row.access === 'write' ? 'Writes' : 'Reads'}</th>
            <td>
              <code>{row.relation}</code>
              {row.via ? <span className="meta third"> through {row.via}</span> : null}
            </td>
            <td>
              {row.columns.map((column, index) => (
                <span key={column.name}>
                  <code>{column.name === '*' ? 'the whole row' : column.name}</code>
                  {column.label ? (
                    <>
                      {' '}
                      <Label>{column.label}</Label>
                      {column.uses && row.access === 'read' ? <span className="meta third"> used, not shown</span> : null}
                    </>
                  ) : null}
                  {index === row.columns.length - 1 ? '' : column.label ? ' ' : ', '}
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
