import { Check, Cross, Trash } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { nounWords } from '../ui/words.ts'
import { removeTest } from './draft/edits.ts'
import type { Draft } from './draft/use-draft.ts'
import { Effect } from './rules/effect.tsx'

/** Statements with the verdict that each has to have; judged by the draft each time it changes. */
export function TestsView({ draft }: { draft: Draft }) {
  const { check, stale, read, text, write, mayEdit } = draft
  const results = check?.tests ?? []
  const failed = results.filter((test) => !test.passed).length
  const gone = check !== undefined && check.faults.length > 0
  return (
    <section className="panel" aria-label="Tests">
      <header>
        <h2 className="policy-name">Tests</h2>
        <span className="fill" />
        <span className="meta third" role="status">
          {stale
            ? 'Judging the draft'
            : results.length > 0
              ? failed === 0
                ? `All ${results.length} pass`
                : `${failed} of ${results.length} fail`
              : ''}
        </span>
      </header>
      {!check && !draft.checkError ? (
        <div className="facts" aria-busy="true">
          <Bone height={36} />
          <Bone height={36} />
        </div>
      ) : null}
      {draft.checkError ? <Failing what="The tests" error={draft.checkError} retry={() => write(text)} /> : null}
      {gone ? (
        <p className="panel-none in-deny">The draft has {nounWords(check.faults.length, 'fault')}: its tests cannot be judged.</p>
      ) : null}
      {check && !gone && read.tests.length === 0 ? (
        <Empty title="No test yet">
          A test is a statement and what has to become of it. Try one on the right, then “Keep as a test”: whoever breaks it later is told
          before they save.
        </Empty>
      ) : null}
      {results.length > 0 && !gone ? (
        <ul className={stale ? 'test-list stale' : 'test-list'}>
          {results.map((test) => (
            <li key={test.index}>
              <span className={test.passed ? 'in-allow' : 'in-deny'} title={test.passed ? 'Passes' : 'Fails'}>
                {test.passed ? <Check /> : <Cross />}
                <span className="unseen">{test.passed ? 'Passes' : 'Fails'}</span>
              </span>
              <div>
                {test.name ? <div className="medium">{test.name}</div> : null}
                <code className="test-sql">{test.statement}</code>
                <div className="meta third">
                  as {test.as.join(', ')} on {test.connection}
                  {test.live ? '' : '; its tables were taken to exist'}
                </div>
                {test.message ? <div className="meta in-deny">{test.message}</div> : null}
              </div>
              <Effect effect={test.expect} />
              {mayEdit && draft.fault === undefined ? (
                <Button
                  look="ghost"
                  small
                  icon={<Trash />}
                  aria-label={`Remove the test ${test.name ?? test.statement.slice(0, 60)}`}
                  onClick={() => write(removeTest(text, test.index))}
                />
              ) : (
                <span />
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
