import '../ui/base.css'
import '../ui/parts/parts.css'
import './own.css'
import { StrictMode, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { tokens } from '../ui/theme.ts'
import { About } from './about.tsx'
import { SetUp } from './set-up.tsx'
import { Settings } from './settings.tsx'
import { Starting } from './starting.tsx'
import { Trouble } from './trouble.tsx'

const dark = matchMedia('(prefers-color-scheme: dark)')
const kebab = (name: string) => name.replace(/[A-Z0-9]/g, (letter) => `-${letter.toLowerCase()}`)

/** The same tokens as the host's pages, by the system's scheme. */
function paint(): void {
  const { style } = document.documentElement
  document.documentElement.dataset['mantineColorScheme'] = dark.matches ? 'dark' : 'light'
  for (const [name, [light, night]] of Object.entries(tokens)) style.setProperty(`--sp-${kebab(name)}`, dark.matches ? night : light)
}
paint()
dark.addEventListener('change', paint)

const screens: Readonly<Record<string, () => React.ReactNode>> = {
  starting: () => <Starting />,
  'set-up': () => <SetUp />,
  trouble: () => <Trouble />,
  settings: () => <Settings />,
  about: () => <About />,
}

/** The app's own pages, by the address's fragment: `#/set-up`. They ask the app and nobody else. */
function Own() {
  const name = useSyncExternalStore(
    (tell) => {
      addEventListener('hashchange', tell)
      return () => removeEventListener('hashchange', tell)
    },
    () => location.hash.replace(/^#\//, ''),
  )
  return (screens[name] ?? screens['starting'])?.()
}

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <Own />
  </StrictMode>,
)
