import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { approvalQuery } from '../api/queries.ts'
import { AffectedRows } from '../approvals/affected-rows.tsx'
import { rowCountWords } from '../approvals/count-words.ts'
import { Warn } from '../ui/icons.tsx'
import { AgentWords } from '../ui/parts/agent-words.tsx'
import '../approvals/affected-rows.css'

/** What the person who decided had before them: the sentence, the count, rows, plan and warnings, as the approval keeps them. */
export function WhatWasShown({ approval: id }: { approval: number }) {
  const approval = useQuery(approvalQuery(id))
  const { data } = approval
  if (!data) return null
  const who = data.decision?.by.name
  const { rows, how } = rowCountWords(data)
  return (
    <section className="shown panel" aria-label="What the person was shown">
      <header>
        <h3 className="fill">{who ? `What ${who} was shown` : 'What people are shown'}</h3>
        <Link to="/approvals/$id" params={{ id: String(id) }} className="small">
          Approval {id}
        </Link>
      </header>
      <div className="shown-body">
        <p>{data.sentence}</p>
        {data.statedReason ? <AgentWords>{data.statedReason.text}</AgentWords> : null}
        {data.warnings.map((text) => (
          <p key={text} className="row small in-ask">
            <Warn size={14} /> {text}
          </p>
        ))}
        <p className="meta third">{how ? `${rows}, ${how}` : rows}</p>
        <AffectedRows approval={data} />
        {data.preview.plan ? (
          <details className="card-plan">
            <summary>Plan</summary>
            <pre>{data.preview.plan.join('\n')}</pre>
          </details>
        ) : null}
      </div>
    </section>
  )
}
