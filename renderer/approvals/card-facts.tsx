import { Link } from '@tanstack/react-router'
import type { Approval, Facts } from '../../main/contract/index.ts'
import { Warn } from '../ui/icons.tsx'
import { Label } from '../ui/parts/label.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { minuteWords } from '../ui/time/words.ts'
import { nounWords, orWords } from '../ui/words.ts'
import { touchedIn } from './touched.ts'

/** What the statement touches, and what an approval would grant. */
export function CardFacts({ approval }: { approval: Approval }) {
  return (
    <>
      <TouchedTable facts={approval.facts} />
      {approval.facts.unknown.length > 0 ? (
        <p className="small row in-ask">
          <Warn />
          <span>Not proved harmless: {approval.facts.unknown.join(', ')}</span>
        </p>
      ) : null}
      <dl className="grant">
        <div>
          <dt>Ceiling</dt>
          <dd>{approval.maxRows === null ? 'none' : `${nounWords(approval.maxRows, 'row')}, else rolled back`}</dd>
        </div>
        <div>
          <dt>Runs</dt>
          <dd>once, this exact text</dd>
        </div>
        <div>
          <dt>Who may decide</dt>
          <dd>{approval.approvers.length > 0 ? `someone from ${orWords(approval.approvers)}` : 'any approver'}</dd>
        </div>
        <div>
          <dt>Asked</dt>
          <dd>
            <Ago at={approval.askedAt} />, open until {minuteWords(approval.openUntil)}
          </dd>
        </div>
      </dl>
      <p className="card-session small">
        <span>Statement {approval.statement} of this session</span>
        <Link to="/sessions/$id" params={{ id: approval.sessionId }} search={{ statement: approval.statement }}>
          Open session
        </Link>
      </p>
    </>
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
