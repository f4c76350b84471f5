import { useEffect, useState } from 'react'
import type { Licence } from '../../main/contract/desktop.ts'
import { Mark } from '../ui/icons.tsx'
import { askApp, useAbout, wordsOf } from './ask-app.ts'

/** The version, and whose work the app is made of. */
export function About() {
  const about = useAbout()
  const [licences, setLicences] = useState<readonly Licence[]>()
  const [trouble, setTrouble] = useState<string>()
  useEffect(() => {
    askApp('licences', {}).then(setLicences, (error: unknown) => setTrouble(wordsOf(error)))
  }, [])
  return (
    <main className="own-page top">
      <Mark size={36} />
      <h1>Sallyport {about?.version ?? ''}</h1>
      <p className="second">The door between AI agents and your databases. MIT licence.</p>
      <section className="own-part">
        <h2>Made with</h2>
        {trouble === undefined ? null : <p role="alert">{trouble}</p>}
        {licences?.map(({ name, version, licence, text }) => (
          <details key={`${name} ${version}`} className="own-licence">
            <summary>
              {name} <span className="third">{version}</span> <span className="third">{licence}</span>
            </summary>
            <pre className="meta">{text === '' ? 'The package brings no text of its own.' : text}</pre>
          </details>
        ))}
      </section>
    </main>
  )
}
