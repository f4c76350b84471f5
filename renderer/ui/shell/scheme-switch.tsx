import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { Desktop, Moon, Sun } from '../icons.tsx'

const next: Record<MantineColorScheme, MantineColorScheme> = { auto: 'light', light: 'dark', dark: 'auto' }
const words: Record<MantineColorScheme, string> = { auto: 'As the system', light: 'Light', dark: 'Dark' }
const icons = { auto: <Desktop />, light: <Sun />, dark: <Moon /> }

/** As the system, light, dark: one press goes on to the next. */
export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const then = next[colorScheme]
  return (
    <button
      type="button"
      className="nav-item"
      title={`Colours: ${words[colorScheme].toLowerCase()}`}
      aria-label={`Colours: ${words[colorScheme].toLowerCase()}. Change to ${words[then].toLowerCase()}`}
      onClick={() => setColorScheme(then)}
    >
      {icons[colorScheme]}
      <span className="nav-word">{words[colorScheme]}</span>
    </button>
  )
}
