import { Link } from '@tanstack/react-router'
import type { Approval } from '../../main/contract/index.ts'
import { ForeignText } from '../ui/parts/foreign-text.tsx'
import { MaskedValue } from '../ui/parts/masked-value.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { RuleWords } from '../ui/rule-words.tsx'
import { SqlBlock } from '../ui/sql/sql-block.tsx'

/** The statement as it is sent, the rule that it met, and its parameters. */
export function CardStatement({ approval, compact }: { approval: Approval; compact: boolean }) {
  const { rule, because, parameters } = approval
  return (
    <div className="card-statement">
      <SqlBlock sql={approval.sql} marks={approval.marks} hidden={approval.hidden} lines={compact ? 6 : 24}>
        <div className="rule-line">
          <VerdictMark outcome="held" size={14} quiet />
          <div className="fill">
            {rule ? <RuleWords rule={rule} /> : <span className="medium">No rule is named</span>}
            {because.length > 0 ? <div className="second">{because.join('; ')}</div> : null}
          </div>
          {rule ? (
            <Link to="/policies" hash={rule.id} className="nowrap">
              Open rule
            </Link>
          ) : null}
        </div>
      </SqlBlock>
      {approval.prepared.map((one) => (
        <div key={one.name} className="card-prepared">
          <p className="meta third">
            The prepared statement <code>{one.name}</code> that it runs
          </p>
          <SqlBlock sql={one.sql} marks={one.marks} />
        </div>
      ))}
      {parameters.length > 0 ? <Parameters parameters={parameters} /> : null}
    </div>
  )
}

const LONG = 300

export function Parameters({ parameters }: { parameters: Approval['parameters'] }) {
  const numbered = parameters.map((parameter, index) => ({ ...parameter, name: `$${index + 1}` }))
  return (
    <dl className="parameters" aria-label="Parameters">
      {numbered.map(({ name, ...parameter }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {parameter.hidden ? (
              <MaskedValue title="There is a value. It is not shown: it is compared with a labelled column, or could not be read as text.">
                ••••••
              </MaskedValue>
            ) : parameter.text === null ? (
              <span className="null">null</span>
            ) : (
              <ForeignText>{parameter.text.length > LONG ? `${parameter.text.slice(0, LONG)}…` : parameter.text}</ForeignText>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
