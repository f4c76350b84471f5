import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConfigurationVersion } from '../../main/contract/index.ts'
import { Down, Forward, History } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { Ago } from '../ui/time/ago.tsx'
import type { Draft } from './draft/use-draft.ts'
import { DifferenceLines } from './review/difference-lines.tsx'
import { RestoreDialog } from './review/restore-dialog.tsx'
import { versionQuery, versionsQuery } from './version-queries.ts'

/** What was in force, when, by whom and why; each can be put in force again. */
export function VersionsView({ draft }: { draft: Draft }) {
  const versions = useInfiniteQuery(versionsQuery)
  const [open, setOpen] = useState<number>()
  const [chosen, setChosen] = useState<ConfigurationVersion>()
  const [asks, setAsks] = useState(false)
  const items = versions.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="panel" aria-label="Versions">
      <header>
        <h2 className="policy-name">Versions</h2>
        <span className="fill" />
        <span className="meta third">Of the whole configuration</span>
      </header>
      {versions.isPending ? (
        <div className="facts" aria-busy="true">
          <Bone height={36} />
          <Bone height={36} />
        </div>
      ) : null}
      {versions.isError && !versions.data ? (
        <Failing what="The versions" error={versions.error} retry={() => void versions.refetch()} />
      ) : null}
      <ol className="versions">
        {items.map((version) => (
          <li key={version.version}>
            <div className="version">
              <button
                type="button"
                className="version-open"
                aria-expanded={open === version.version}
                onClick={() => setOpen(open === version.version ? undefined : version.version)}
              >
                {open === version.version ? <Down size={14} /> : <Forward size={14} />}
                <span className="version-number">{version.version}</span>
                <span className="version-words">
                  <span className={version.comment === '' ? 'third' : 'medium'}>{commentOf(version)}</span>
                  <span className="meta third">
                    {version.author?.name ?? 'The file'}, <Ago at={version.at} />
                  </span>
                </span>
                <span className="meta nowrap version-lines">
                  <span className="in-allow">+{version.added}</span> <span className="in-deny">−{version.removed}</span>
                </span>
              </button>
              {version.inForce ? (
                <span className="tag">in force</span>
              ) : draft.mayEdit ? (
                <Button
                  small
                  icon={<History />}
                  aria-label={`Restore version ${version.version}`}
                  onClick={() => {
                    setChosen(version)
                    setAsks(true)
                  }}
                >
                  Restore…
                </Button>
              ) : null}
            </div>
            {open === version.version ? <OneVersion version={version.version} /> : null}
          </li>
        ))}
      </ol>
      {versions.hasNextPage ? (
        <p className="panel-foot">
          <Button small disabled={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
            Older versions
          </Button>
        </p>
      ) : null}
      {chosen ? <RestoreDialog version={chosen} now={draft.base.version} opened={asks} onClose={() => setAsks(false)} /> : null}
    </section>
  )
}

function commentOf({ comment, source, restored }: ConfigurationVersion): string {
  const lead = source === 'restore' ? `Version ${restored ?? '?'} again` : source === 'file' ? 'The file' : ''
  return [lead, comment].filter((each) => each !== '').join(': ') || 'No reason given'
}

function OneVersion({ version }: { version: number }) {
  const detail = useQuery(versionQuery(version))
  if (detail.isPending) return <Bone height={80} />
  if (detail.isError)
    return (
      <p className="panel-none in-deny" role="alert">
        {wordsOf(detail.error)}
      </p>
    )
  return <DifferenceLines difference={detail.data.difference} />
}
