import { useState } from 'react'
import { Warn } from '../ui/icons.tsx'
import { askApp, useAbout, wordsOf } from './ask-app.ts'

/** The host could not be started, or does not answer: what it is, what follows, what to do. */
export function Trouble() {
  const about = useAbout()
  const [failed, setFailed] = useState<string>()
  const retry = () => {
    setFailed(undefined)
    askApp('retry', {}).catch((error: unknown) => setFailed(wordsOf(error)))
  }
  const here = about?.mode === 'host'
  return (
    <main className="own-page">
      <span className="in-deny">
        <Warn size={32} />
      </span>
      <h1>{here ? 'The host could not be started' : `${about?.host ?? 'The host'} does not answer`}</h1>
      <p role="alert">{failed ?? about?.trouble ?? 'Trying again…'}</p>
      <p className="second small">
        {here
          ? 'Until it runs, no agent can connect through this computer. Nothing was lost.'
          : 'The app tries again by itself. Agents are not affected: the host works without this app.'}
      </p>
      <div className="own-foot">
        <a className="button" href="#/set-up">
          Set up anew
        </a>
        <button type="button" className="button solid" onClick={retry}>
          Try again
        </button>
      </div>
    </main>
  )
}
