import { Pencil, Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { nounWords, orWords } from '../ui/words.ts'
import { comparePolicy } from './draft/compare-rules.ts'
import type { Draft } from './draft/use-draft.ts'

/** What the draft changes, in words, and what to do with it. */
export function DraftBar({ draft, review, discard }: { draft: Draft; review: () => void; discard: () => void }) {
  const failing = draft.check?.tests.filter((test) => !test.passed).length ?? 0
  const faults = draft.check?.faults.length ?? 0
  return (
    <section className="draft-bar" aria-label="Draft">
      {draft.meanwhile ? <Warn /> : <Pencil />}
      <span className="fill">
        <b>Draft:</b> {draft.fault ? 'its YAML cannot be read as rules yet' : changeWords(draft)}. Not in force yet.
        {draft.meanwhile ? <span className="in-ask"> Version {draft.meanwhile.version} was saved meanwhile.</span> : null}
        {!draft.stale && faults > 0 ? <span className="in-deny"> It has {nounWords(faults, 'fault')}.</span> : null}
        {!draft.stale && failing > 0 ? (
          <span className="in-deny">
            {' '}
            {nounWords(failing, 'test')} {failing === 1 ? 'fails' : 'fail'}.
          </span>
        ) : null}
      </span>
      <Button look="ghost" small onClick={discard}>
        Discard
      </Button>
      <Button look="solid" small onClick={review} aria-keyshortcuts="Control+S">
        Review and save
      </Button>
    </section>
  )
}

/** `rules 1 and 3 changed, rule 4 added`; of more than one policy with its name. */
export function changeWords({ read, inForce, text, base }: Pick<Draft, 'read' | 'inForce' | 'text' | 'base'>): string {
  const said: string[] = []
  const several = read.policies.length > 1
  for (const policy of read.policies) {
    const stand = comparePolicy(
      policy,
      inForce.policies.find(({ name }) => name === policy.name),
    )
    if (stand.isNew) {
      said.push(`policy ${policy.name} added`)
      continue
    }
    const places = (state: 'changed' | 'new' | 'moved') => stand.rules.flatMap((rule, at) => (rule.state === state ? [String(at + 1)] : []))
    const here: string[] = []
    for (const [state, verb] of [
      ['changed', 'changed'],
      ['moved', 'moved'],
      ['new', 'added'],
    ] as const) {
      const which = places(state)
      if (which.length > 0) here.push(`${which.length === 1 ? 'rule' : 'rules'} ${orWords(which, 'and')} ${verb}`)
    }
    if (stand.removed.length > 0) here.push(`${nounWords(stand.removed.length, 'rule')} removed`)
    if (stand.headChanged) here.push('for whom or where it is changed')
    if (here.length > 0) said.push(`${several ? `${policy.name}: ` : ''}${here.join(', ')}`)
  }
  const gone = inForce.policies.filter(({ name }) => !read.policies.some((policy) => policy.name === name))
  for (const policy of gone) said.push(`policy ${policy.name} removed`)
  const tests = read.tests.length - inForce.tests.length
  if (tests !== 0) said.push(`${nounWords(Math.abs(tests), 'test')} ${tests > 0 ? 'added' : 'removed'}`)
  if (said.length > 0) return said.join('; ')
  return text === base.yaml ? 'nothing changed' : 'other parts of the configuration changed'
}
