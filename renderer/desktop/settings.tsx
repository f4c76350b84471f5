import { type ReactNode, useEffect, useId, useState } from 'react'
import { type DesktopSettings, soundSchema } from '../../main/contract/desktop.ts'
import { Warn } from '../ui/icons.tsx'
import { askApp, useAbout, wordsOf } from './ask-app.ts'

type Changes = Parameters<typeof askApp<'saveSettings'>>[1]

/** What this computer's app does. Each change holds at once. */
export function Settings() {
  const about = useAbout()
  const [settings, setSettings] = useState<DesktopSettings>()
  const [trouble, setTrouble] = useState<string>()
  useEffect(() => {
    askApp('readSettings', {}).then(setSettings, (error: unknown) => setTrouble(wordsOf(error)))
  }, [])
  const save = (changes: Changes) => {
    setTrouble(undefined)
    askApp('saveSettings', changes).then(setSettings, (error: unknown) => setTrouble(wordsOf(error)))
  }
  if (settings === undefined) return <main className="own-page top">{trouble === undefined ? null : <p role="alert">{trouble}</p>}</main>
  const { alerts } = settings
  return (
    <main className="own-page top">
      <h1>Settings of this computer</h1>
      {trouble === undefined ? null : (
        <p className="own-note in-deny" role="alert">
          <Warn /> {trouble}
        </p>
      )}
      <Part title="When a statement waits">
        <Switch on={alerts.notifications} flip={(notifications) => save({ alerts: { ...alerts, notifications } })}>
          Tell me with a notification
        </Switch>
        <Switch on={alerts.popUp} flip={(popUp) => save({ alerts: { ...alerts, popUp } })}>
          Bring up its card, without taking the keyboard
        </Switch>
        <Sound settings={settings} mac={about?.platform === 'darwin'} save={save} />
      </Part>
      <Part title="Starting">
        <Switch on={settings.startAtLogin} flip={(startAtLogin) => save({ startAtLogin })}>
          Start when I log in
        </Switch>
        <p className="small second">
          {settings.mode.kind === 'desk'
            ? `A desk at ${new URL(settings.mode.address).host}.`
            : settings.mode.kind === 'host'
              ? `The host itself, by ${settings.mode.configFile}.`
              : 'Not set up yet.'}{' '}
          <a href="#/set-up">Change…</a>
        </p>
      </Part>
      {about?.platform === 'linux' ? (
        <Part title="Keys">
          <Switch on={settings.plainTextKeys} flip={(plainTextKeys) => save({ plainTextKeys })}>
            Keep keys without a keyring
          </Switch>
          <p className="small second">Only where this desktop has none: every program of yours could then read them.</p>
        </Part>
      ) : null}
      <Updates settings={settings} save={save} />
    </main>
  )
}

interface Props {
  readonly settings: DesktopSettings
  readonly save: (changes: Changes) => void
}

function Sound({ settings, mac, save }: Props & { readonly mac: boolean }) {
  const field = useId()
  const named = mac ? soundSchema.options : (['system', 'none'] as const)
  const words = { system: 'As the system plays it', none: 'None' }
  return (
    <div className="own-row">
      <label htmlFor={field}>Sound</label>
      <select
        id={field}
        className="own-field"
        value={settings.alerts.sound}
        onChange={(event) => save({ alerts: { ...settings.alerts, sound: soundSchema.parse(event.target.value) } })}
      >
        {named.map((sound) => (
          <option key={sound} value={sound}>
            {sound === 'system' || sound === 'none' ? words[sound] : sound}
          </option>
        ))}
      </select>
    </div>
  )
}

function Updates({ settings: { updates }, save }: Props) {
  const [from, setFrom] = useState(updates?.from ?? '')
  const [publicKey, setPublicKey] = useState(updates?.publicKey ?? '')
  const fields = [useId(), useId()]
  return (
    <Part title="Updates">
      <p className="small second">
        Off, unless your team keeps releases on a server of its own. Only what is signed with the team’s key is installed, and only when you
        agree.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save({ updates: from.trim() === '' ? null : { from: from.trim(), publicKey: publicKey.trim() } })
        }}
      >
        <label htmlFor={fields[0]} className="small medium">
          Server
        </label>
        <input
          id={fields[0]}
          className="own-field"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
          placeholder="https://releases.corp/sallyport"
        />
        <label htmlFor={fields[1]} className="small medium">
          The team’s public key
        </label>
        <input
          id={fields[1]}
          className="own-field"
          value={publicKey}
          onChange={(event) => setPublicKey(event.target.value)}
          spellCheck={false}
        />
        <button type="submit" className="button">
          {from.trim() === '' ? 'Keep updates off' : 'Look there'}
        </button>
      </form>
    </Part>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="own-part">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

function Switch({ on, flip, children }: { readonly on: boolean; readonly flip: (on: boolean) => void; readonly children: ReactNode }) {
  return (
    <label className="own-switch">
      <input type="checkbox" checked={on} onChange={(event) => flip(event.target.checked)} />
      <span>{children}</span>
    </label>
  )
}
