import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, useBlocker, useLocation, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Flask, Lock } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Failing } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { AskFirst } from './ask-first.tsx'
import { type Draft, useDraft } from './draft/use-draft.ts'
import { DraftBar } from './draft-bar.tsx'
import { Review } from './review/review.tsx'
import { RulesView } from './rules/rules-view.tsx'
import { TestsView } from './tests-view.tsx'
import { TryIt } from './try/try-it.tsx'
import { WhatIf } from './try/what-if.tsx'
import { VersionsView } from './versions-view.tsx'
import '../ui/parts/list.css'
import './edit.css'

/** CodeMirror comes only with the view that needs it. */
const YamlView = lazy(async () => ({ default: (await import('./yaml/yaml-view.tsx')).YamlView }))

/** Policies: read, tried, changed as one draft, and put in force. Rules, YAML, tests and versions are views of the same. */
export function PoliciesPage() {
  const { reading, draft } = useDraft()
  const [reviewing, setReviewing] = useState(false)
  const [dropping, setDropping] = useState(false)
  const [said, setSaid] = useState('')
  const dirty = draft?.dirty === true
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return
      event.preventDefault()
      if (dirty) setReviewing(true)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [dirty])
  return (
    <main className="screen">
      <Head title="Policies" beside={<Views tests={draft?.read.tests.length} />}>
        {draft ? <InForce draft={draft} /> : null}
      </Head>
      <ScreenBody>
        {reading.isPending ? <PolicyBones /> : null}
        {reading.isError && !draft ? <Failing what="The policies" error={reading.error} retry={() => void reading.refetch()} /> : null}
        {draft ? (
          <>
            <p className="unseen" role="status">
              {said}
            </p>
            <Work draft={draft} said={said} review={() => setReviewing(true)} discard={() => setDropping(true)} />
            <Review
              draft={draft}
              opened={reviewing}
              onClose={() => setReviewing(false)}
              onSaved={(version) => {
                setReviewing(false)
                draft.discard()
                setSaid(`Version ${version} is in force.`)
              }}
            />
            <AskFirst
              opened={dropping || leaving.status === 'blocked'}
              stay={() => {
                setDropping(false)
                if (leaving.status === 'blocked') leaving.reset()
              }}
              drop={() => {
                setDropping(false)
                if (leaving.status === 'blocked') leaving.proceed()
                else draft.discard()
              }}
            />
          </>
        ) : null}
      </ScreenBody>
    </main>
  )
}

function Views({ tests }: { tests: number | undefined }) {
  const { view } = useSearch({ from: '/policies' })
  const views = [
    [undefined, 'Rules'],
    ['yaml', 'YAML'],
    ['tests', tests ? `Tests ${tests}` : 'Tests'],
    ['versions', 'Versions'],
  ] as const
  return (
    <nav className="segments" aria-label="Views of the policies">
      {views.map(([each, words]) => (
        <Link
          key={words}
          to="/policies"
          search={each ? { view: each } : {}}
          className={each === view ? 'on' : ''}
          aria-current={each === view ? 'true' : undefined}
        >
          {words}
        </Link>
      ))}
    </nav>
  )
}

function InForce({ draft: { base } }: { draft: Draft }) {
  return (
    <span className="small third in-force">
      Version {base.version}, by {base.author?.name ?? 'the file'}, <Ago at={base.at} />
    </span>
  )
}

interface WorkProps {
  readonly draft: Draft
  readonly said: string
  readonly review: () => void
  readonly discard: () => void
}

function Work({ draft, said, review, discard }: WorkProps) {
  const { view } = useSearch({ from: '/policies' })
  const { hash } = useLocation()
  const wide = useMediaQuery('(min-width: 1200px)', true)
  const [trying, setTrying] = useState(false)
  const shown = draft.read.policies.length > 0
  useEffect(() => {
    if (shown && hash) document.getElementById(hash)?.scrollIntoView({ block: 'center' })
  }, [shown, hash])
  const panels = (
    <>
      <TryIt draft={draft} />
      <WhatIf draft={draft} />
    </>
  )
  return (
    <div className="policies-work">
      <div className="policies-main">
        {draft.mayEdit ? null : (
          <div className="notice view-only" role="note">
            <Lock />
            <span>You can look and try. Changing policies needs the role of admin, which none of your groups gives.</span>
          </div>
        )}
        {draft.dirty ? (
          <DraftBar draft={draft} review={review} discard={discard} />
        ) : said === '' ? null : (
          <div className="notice tone-allow saved">{said}</div>
        )}
        {wide ? null : (
          <div>
            <Button small icon={<Flask />} onClick={() => setTrying(true)}>
              Try it, and what if
            </Button>
          </div>
        )}
        {view === undefined ? <RulesView draft={draft} here={hash} /> : null}
        {view === 'yaml' ? (
          <Suspense fallback={<YamlBones />}>
            <YamlView key={String(draft.mayEdit)} draft={draft} />
          </Suspense>
        ) : null}
        {view === 'tests' ? <TestsView draft={draft} /> : null}
        {view === 'versions' ? <VersionsView draft={draft} /> : null}
      </div>
      {wide ? (
        <div className="policies-side">{panels}</div>
      ) : (
        <Drawer
          opened={trying}
          onClose={() => setTrying(false)}
          position="right"
          size={440}
          title="Try it, and what if"
          keepMounted
          closeButtonProps={{ 'aria-label': 'Close' }}
          classNames={{ content: 'policy-drawer' }}
        >
          <div className="policies-side">{panels}</div>
        </Drawer>
      )}
    </div>
  )
}

function YamlBones() {
  return (
    <section className="panel" aria-busy="true">
      <span className="unseen">Loading the editor</span>
      <div className="facts">
        <Bone height={320} />
      </div>
    </section>
  )
}

function PolicyBones() {
  return (
    <section className="panel policies-bones" aria-busy="true">
      <span className="unseen">Loading the policies</span>
      <header>
        <Bone width={140} />
      </header>
      {[0, 1, 2, 3].map((each) => (
        <div key={each} className="rule">
          <Bone width={12} />
          <Bone width={60} />
          <Bone width="70%" />
        </div>
      ))}
    </section>
  )
}
