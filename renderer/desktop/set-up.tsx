import { useId, useState } from 'react'
import type { HostProbe } from '../../main/contract/desktop.ts'
import { Mark, Warn } from '../ui/icons.tsx'
import { askApp, wordsOf } from './ask-app.ts'

type Step =
  | { readonly at: 'choose' }
  | { readonly at: 'desk' }
  | { readonly at: 'confirm'; readonly probe: HostProbe }
  | { readonly at: 'host' }

/** First start, and whenever somebody changes what the app is for: one question a page, nothing in force until the end. */
export function SetUp() {
  const [step, setStep] = useState<Step>({ at: 'choose' })
  const [trouble, setTrouble] = useState<string>()
  const [busy, setBusy] = useState(false)
  const run = (work: () => Promise<void>) => {
    setBusy(true)
    setTrouble(undefined)
    work()
      .catch((error: unknown) => setTrouble(wordsOf(error)))
      .finally(() => setBusy(false))
  }
  const back = () => {
    setTrouble(undefined)
    setStep({ at: 'choose' })
  }
  return (
    <main className="own-page">
      <Mark size={36} />
      {step.at === 'choose' ? <Choose toDesk={() => setStep({ at: 'desk' })} toHost={() => setStep({ at: 'host' })} /> : null}
      {step.at === 'desk' ? (
        <Address
          busy={busy}
          back={back}
          probe={(address) => run(async () => setStep({ at: 'confirm', probe: await askApp('probeHost', { address }) }))}
        />
      ) : null}
      {step.at === 'confirm' ? (
        <Confirm
          probe={step.probe}
          busy={busy}
          back={() => setStep({ at: 'desk' })}
          use={(fingerprint) =>
            run(async () => {
              await askApp('chooseMode', { mode: { kind: 'desk', address: step.probe.address, fingerprint } })
            })
          }
        />
      ) : null}
      {step.at === 'host' ? (
        <RunHost
          busy={busy}
          back={back}
          use={(configFile) =>
            run(async () => {
              await askApp('chooseMode', { mode: { kind: 'host', configFile } })
            })
          }
        />
      ) : null}
      {trouble === undefined ? null : (
        <p className="own-note in-deny" role="alert">
          <Warn /> {trouble}
        </p>
      )}
    </main>
  )
}

function Choose({ toDesk, toHost }: { readonly toDesk: () => void; readonly toHost: () => void }) {
  return (
    <>
      <h1>What is Sallyport on this computer?</h1>
      <p className="second">You can change it later, in the settings.</p>
      <button type="button" className="own-choice" onClick={toDesk}>
        <b>A desk at my team’s host</b>
        <span className="second small">The host runs on another machine. Here you are told what waits, and decide.</span>
      </button>
      <button type="button" className="own-choice" onClick={toHost}>
        <b>The host itself</b>
        <span className="second small">Agents on this computer connect through it. It runs as long as the app does.</span>
      </button>
    </>
  )
}

function Address({ busy, back, probe }: { readonly busy: boolean; readonly back: () => void; readonly probe: (address: string) => void }) {
  const [address, setAddress] = useState('https://')
  const field = useId()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        probe(address)
      }}
    >
      <h1>Where is your team’s host?</h1>
      <label htmlFor={field} className="small medium">
        Its address
      </label>
      <input
        id={field}
        className="own-field"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        placeholder="https://sallyport.corp:8443"
        autoComplete="off"
        spellCheck={false}
      />
      <p className="second small">An admin of the host knows it. It is what a browser opens too.</p>
      <Foot back={back} busy={busy} words="Look for it" />
    </form>
  )
}

interface ConfirmProps {
  readonly probe: HostProbe
  readonly busy: boolean
  readonly back: () => void
  readonly use: (fingerprint: string | null) => void
}

function Confirm({ probe: { address, certificate }, busy, back, use }: ConfirmProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        use(certificate?.fingerprint ?? null)
      }}
    >
      <h1>{certificate === null ? 'A host on this computer' : 'Is this your host?'}</h1>
      <p>{new URL(address).host} answers.</p>
      {certificate === null ? null : (
        <>
          <p className="second small">
            Its certificate is for {certificate.subject || 'nobody by name'}, from {certificate.issuer || 'nobody by name'}, until{' '}
            {certificate.validTo}.{' '}
            {certificate.trusted
              ? 'An authority that this computer trusts has signed it.'
              : 'No authority that this computer trusts has signed it, so only the fingerprint tells whose it is.'}
          </p>
          <p className="small medium">Compare the fingerprint with what an admin tells you:</p>
          <code className="own-print">
            {certificate.fingerprint.match(/.{1,24}/g)?.map((part) => (
              <span key={part}>{part}</span>
            ))}
          </code>
          <p className="second small">The app works with this certificate only. When the host gets a new one, you are asked again.</p>
        </>
      )}
      <Foot back={back} busy={busy} words={certificate === null ? 'Use this host' : 'It is the same, use this host'} />
    </form>
  )
}

function RunHost({ busy, back, use }: { readonly busy: boolean; readonly back: () => void; readonly use: (file: string) => void }) {
  const [file, setFile] = useState('')
  const [problem, setProblem] = useState<string>()
  const field = useId()
  const choose = () => {
    askApp('chooseConfigFile', {}).then(
      (chosen) => chosen !== null && setFile(chosen),
      (error: unknown) => setProblem(wordsOf(error)),
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (file.trim() !== '') use(file.trim())
      }}
    >
      <h1>Which configuration does it run?</h1>
      <label htmlFor={field} className="small medium">
        The file
      </label>
      <div className="own-row">
        <input
          id={field}
          className="own-field"
          value={file}
          onChange={(event) => setFile(event.target.value)}
          placeholder="sallyport.yaml"
          spellCheck={false}
        />
        <button type="button" className="button" onClick={choose}>
          Choose…
        </button>
      </div>
      {problem === undefined ? null : <p className="small in-deny">{problem}</p>}
      <p className="second small">
        Its secrets are kept in this computer’s keychain. Statements and recordings stay in the app’s own folder.
      </p>
      <Foot back={back} busy={busy} words="Start the host" />
    </form>
  )
}

function Foot({ back, busy, words }: { readonly back: () => void; readonly busy: boolean; readonly words: string }) {
  return (
    <div className="own-foot">
      <button type="button" className="button" onClick={back} disabled={busy}>
        Back
      </button>
      <button type="submit" className="button solid" disabled={busy}>
        {busy ? 'One moment…' : words}
      </button>
    </div>
  )
}
