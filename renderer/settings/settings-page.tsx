import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { meQuery } from '../api/queries.ts'
import { NotifyButton } from '../approvals/notifications.tsx'
import { Bone } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { exactWords } from '../ui/time/words.ts'
import { Passkeys } from './passkeys.tsx'
import '../ui/parts/list.css'
import './settings.css'

const SCHEMES: readonly (readonly [MantineColorScheme, string])[] = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

/** What is yours: how it looks here, how you are told, and what proves that it is you. */
export function SettingsPage() {
  const me = useQuery(meQuery)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <main className="screen">
      <Head title="Settings" />
      <ScreenBody className="admin settings">
        <section className="panel" aria-label="You">
          <header>
            <h2 className="policy-name">You</h2>
          </header>
          {me.data ? (
            <dl className="facts">
              <div>
                <dt>Name</dt>
                <dd>{me.data.name}</dd>
              </div>
              <div>
                <dt>Roles</dt>
                <dd>{me.data.roles.join(', ') || 'none'}</dd>
              </div>
              <div>
                <dt>Groups</dt>
                <dd>{me.data.groups.join(', ') || 'none'}</dd>
              </div>
              <div>
                <dt>Identity</dt>
                <dd>
                  <code>{me.data.subject}</code> at <code>{me.data.issuer}</code>
                </dd>
              </div>
              <div>
                <dt>Signed in</dt>
                <dd>{me.data.signInAt === null ? 'The provider does not say when' : exactWords(me.data.signInAt)}</dd>
              </div>
            </dl>
          ) : (
            <div className="facts" aria-busy="true">
              <Bone height={36} />
            </div>
          )}
        </section>
        <Passkeys />
        <section className="panel" aria-label="This browser">
          <header>
            <h2 className="policy-name">This browser</h2>
          </header>
          <div className="setting">
            <span id="colours">
              Colours
              <span className="meta third">Kept in this browser</span>
            </span>
            <fieldset className="choice" aria-labelledby="colours">
              {SCHEMES.map(([scheme, word]) => (
                <label key={scheme} className={scheme === colorScheme ? 'on' : ''}>
                  <input type="radio" name="colours" checked={scheme === colorScheme} onChange={() => setColorScheme(scheme)} />
                  {word}
                </label>
              ))}
            </fieldset>
          </div>
          <div className="setting">
            <span>
              Notifications
              <span className="meta third">One for each statement that waits for you, in plain words without values</span>
            </span>
            <NotifyButton />
          </div>
        </section>
      </ScreenBody>
    </main>
  )
}
