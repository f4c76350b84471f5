import { agentErrorOf } from '../approvals/agent-error.ts'
import type { StatementRecord } from './assemble.ts'

/** The error that the agent read, where we made it. */
export function Refusal({ record }: { record: StatementRecord }) {
  const { outcome, verdict, answered, finished } = record
  if (outcome === 'denied-by-person' && answered) {
    const error = agentErrorOf(answered.by ?? 'a person', answered.reason, answered.approval)
    return <ErrorText state={finished?.sqlstate ?? '42501'} message={error.message} detail={error.detail} hint={error.hint} />
  }
  if (outcome === 'denied' && verdict)
    return (
      <ErrorText
        state={finished?.sqlstate ?? '42501'}
        message={verdict.rule ? `denied by rule "${verdict.rule.id}"` : 'denied: no rule allows this statement'}
        detail={verdict.because.join('; ')}
        hint={verdict.hint}
      />
    )
  return null
}

function ErrorText({ state, message, detail, hint }: { state: string; message: string; detail: string; hint: string }) {
  return (
    <div>
      <p className="meta third refusal-title">The agent saw</p>
      <pre className="agent-error">
        <span className="in-deny">{`ERROR:  ${state}: ${message}`}</span>
        {detail === '' ? '' : `\nDETAIL:  ${detail}`}
        {hint === '' ? '' : `\nHINT:  ${hint}`}
      </pre>
    </div>
  )
}
