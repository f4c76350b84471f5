import { useQuery } from '@tanstack/react-query'
import type { Masking } from '../../main/contract/index.ts'
import { maskingQuery } from '../api/queries.ts'
import { Warn } from '../ui/icons.tsx'
import { Label } from '../ui/parts/label.tsx'
import { MaskedValue } from '../ui/parts/masked-value.tsx'
import { Bone, Failing } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { countWords, nounWords } from '../ui/words.ts'
import './masking.css'

const forms: Record<Masking['patterns'][number]['mask'], { readonly word: string; readonly sample: string | null; readonly what: string }> =
  {
    redact: { word: 'Redact', sample: '*redacted*', what: 'nothing of the value is left' },
    partial: { word: 'Last four', sample: '****4471', what: 'the last four characters stay' },
    null: { word: 'Null', sample: null, what: 'as if nothing were stored' },
    token: { word: 'Token', sample: 'tok_k7p2…', what: 'same value, same token; joins still work' },
  }

/** What agents see instead of sensitive values: labels on columns, patterns in any text, and whose text is not to be trusted. */
export function MaskingPage() {
  const masking = useQuery(maskingQuery)
  return (
    <main className="screen">
      <Head title="Masking">
        {masking.data ? (
          <span className="small third">
            {nounWords(masking.data.labels.length, 'label')}, {nounWords(masking.data.patterns.length, 'pattern')}
          </span>
        ) : null}
      </Head>
      <ScreenBody className="masking">
        {masking.isPending ? <MaskingBones /> : null}
        {masking.isError && !masking.data ? (
          <Failing what="The masking rules" error={masking.error} retry={() => void masking.refetch()} />
        ) : null}
        {masking.data ? (
          <>
            <Labels labels={masking.data.labels} />
            <Patterns patterns={masking.data.patterns} />
            <Untrusted untrusted={masking.data.untrusted} />
            <p className="meta third">Masks are laid in the host, before a row leaves it. They are changed in the configuration file.</p>
          </>
        ) : null}
      </ScreenBody>
    </main>
  )
}

function Form({ mask }: { mask: keyof typeof forms }) {
  const { word, sample, what } = forms[mask]
  return (
    <span className="form">
      <span className="medium">{word}</span>
      {sample === null ? <span className="null mono">null</span> : <MaskedValue>{sample}</MaskedValue>}
      <span className="meta third">{what}</span>
    </span>
  )
}

function Labels({ labels }: { labels: Masking['labels'] }) {
  return (
    <section className="panel" aria-label="Labels">
      <header>
        <h2 className="policy-name">Labels on columns</h2>
      </header>
      {labels.length === 0 ? (
        <p className="panel-none in-ask">
          <Warn /> No column is labelled: agents see every value that no pattern catches. Name some under “sensitive” in the configuration.
        </p>
      ) : (
        labels.map((label) => (
          <div key={`${label.connection}/${label.label}/${label.columns.join()}`} className="mask-row">
            <div className="mask-what">
              <Label>{label.label}</Label> <span className="meta third">on {label.connection}</span>
            </div>
            <ul className="mask-columns">
              {label.columns.map((column) => (
                <li key={column}>
                  <code>{column}</code>
                </li>
              ))}
            </ul>
            <Form mask={label.mask} />
          </div>
        ))
      )}
    </section>
  )
}

function Patterns({ patterns }: { patterns: Masking['patterns'] }) {
  return (
    <section className="panel" aria-label="Patterns">
      <header>
        <h2 className="policy-name">Patterns in any text</h2>
        <span className="fill" />
        <span className="meta third">Also where no label stands</span>
      </header>
      {patterns.length === 0 ? <p className="panel-none">No pattern is on.</p> : null}
      {patterns.map((pattern) => (
        <div key={pattern.name} className="mask-row">
          <div className="mask-what medium">{pattern.name.replaceAll('_', ' ')}</div>
          <div className="mask-columns">
            {pattern.regex === null ? <span className="small second">built in</span> : <code>{pattern.regex}</code>}
          </div>
          <Form mask={pattern.mask} />
        </div>
      ))}
    </section>
  )
}

function Untrusted({ untrusted }: { untrusted: Masking['untrusted'] }) {
  const tables = untrusted.flatMap(({ connection, tables: names }) => names.map((name) => ({ connection, name })))
  return (
    <section className="panel" aria-label="Untrusted text">
      <header>
        <h2 className="policy-name">Text that outsiders wrote</h2>
        <span className="fill" />
        <span className="meta third">{countWords(tables.length)} of such tables. Reading one is warned of on the next card</span>
      </header>
      {tables.length === 0 ? <p className="panel-none">No table is named.</p> : null}
      {tables.map(({ connection, name }) => (
        <div key={`${connection}/${name}`} className="mask-row">
          <div className="mask-what">
            <code>{name}</code>
          </div>
          <div className="mask-columns meta third">on {connection}</div>
        </div>
      ))}
    </section>
  )
}

function MaskingBones() {
  return (
    <section className="panel" aria-busy="true">
      <span className="unseen">Loading the masking rules</span>
      <header>
        <Bone width={150} />
      </header>
      {[0, 1, 2].map((each) => (
        <div key={each} className="mask-row">
          <Bone width={80} />
          <Bone width="60%" />
          <Bone width={140} />
        </div>
      ))}
    </section>
  )
}
