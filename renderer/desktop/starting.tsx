import { Mark } from '../ui/icons.tsx'
import { useAbout } from './ask-app.ts'

/** On screen at once, in the shape of what comes. */
export function Starting() {
  const about = useAbout()
  const what = about?.mode === 'desk' ? `Looking for ${about.host ?? 'the host'}` : 'Starting the host'
  return (
    <main className="own-skeleton" aria-busy="true">
      <div className="own-rail">
        <Mark size={20} />
        <i />
        <i />
        <i />
      </div>
      <div className="own-ground">
        <p className="second" role="status">
          {what}…
        </p>
        <i className="wide" />
        <i />
        <i />
        <i className="short" />
      </div>
    </main>
  )
}
