import { useQuery } from '@tanstack/react-query'
import type { Configuration } from '../../../main/contract/index.ts'
import { Warn } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import { Bone, wordsOf } from '../../ui/parts/screen-state.tsx'
import { Ago } from '../../ui/time/ago.tsx'
import { nounWords, orWords } from '../../ui/words.ts'
import { rebase } from '../draft/rebase.ts'
import type { Draft } from '../draft/use-draft.ts'
import { versionQuery } from '../version-queries.ts'
import { DifferenceLines } from './difference-lines.tsx'

/** Somebody else saved since the draft was begun: what they changed comes first, then how to go on. */
export function Meanwhile({ draft, now }: { draft: Draft; now: Configuration }) {
  const theirs = useQuery(versionQuery(now.version))
  const merged = rebase(draft.base.yaml, draft.text, now.yaml)
  const between = now.version - draft.base.version
  return (
    <div className="dialog-form">
      <div className="warning" role="status">
        <Warn />
        <span>
          <b>
            {now.author?.name ?? 'The file'} saved version {now.version}
          </b>{' '}
          <Ago at={now.at} />
          {now.comment === '' ? '' : `: “${now.comment}”`}. Your draft was begun from version {draft.base.version}
          {between > 1 ? `, ${nounWords(between, 'version')} before; the last of them is shown` : ''}. Nothing of yours is lost.
        </span>
      </div>
      {theirs.data ? <DifferenceLines difference={theirs.data.difference} /> : null}
      {theirs.isPending ? <Bone height={100} /> : null}
      {theirs.error ? (
        <p className="small in-deny" role="alert">
          {wordsOf(theirs.error)}
        </p>
      ) : null}
      {merged && merged.both.length > 0 ? (
        <p className="small in-ask">
          Both of you changed {orWords(merged.both, 'and')}: there your words would stand in place of theirs. Look at the difference before
          you save.
        </p>
      ) : null}
      {merged ? null : <p className="small in-ask">The two texts cannot be put together by themselves.</p>}
      <div className="acts">
        <Button look="ghost" onClick={draft.discard}>
          Drop my draft
        </Button>
        <Button look="solid" onClick={() => draft.startFrom(now, merged?.yaml ?? draft.text)}>
          {merged ? 'Put my changes on theirs' : 'Keep my text, and look at the difference'}
        </Button>
      </div>
    </div>
  )
}
