import type { ConnectionTest } from '../../main/contract/index.ts'
import { Check, Cross, Warn } from '../ui/icons.tsx'

const NAMES = {
  name: 'The name',
  tcp: 'The port',
  tls: 'TLS',
  authentication: 'The password',
  database: 'The database',
  privileges: 'Its rights',
} as const
const STATES = { ok: 'fine', failed: 'failed', skipped: 'not reached' } as const

/** How a connection test went, step by step, with what to do, and what the role can do beyond need. */
export function TestResult({ test }: { test: ConnectionTest }) {
  return (
    <div className="test-result" role="status">
      <p className={test.ok ? 'medium in-allow' : 'medium in-deny'}>
        {test.ok ? `An agent could work over it${test.server ? `: ${test.server}` : ''}` : 'No agent could work over it'}
      </p>
      <ol>
        {test.steps.map((step) => (
          <li key={step.step} className={step.state}>
            {step.state === 'ok' ? <Check /> : step.state === 'failed' ? <Cross /> : <span className="step-open" />}
            <div>
              <span className="medium">{NAMES[step.step]}</span>
              <span className="unseen">, {STATES[step.state]}</span>: <span className="second">{step.message}</span>
              {step.todo ? <div className="todo">{step.todo}</div> : null}
            </div>
            {step.state === 'skipped' ? null : <span className="meta third nowrap">{step.ms} ms</span>}
          </li>
        ))}
      </ol>
      {test.warnings.map((warning) => (
        <div key={warning.right} className="warning">
          <Warn />
          <div>
            <b>{warning.message}</b> <span className="second">More than agents need.</span>
            <div className="mono small">{warning.todo}</div>
          </div>
        </div>
      ))}
    </div>
  )
}
