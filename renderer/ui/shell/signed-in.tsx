import { Menu } from '@mantine/core'
import { useState } from 'react'
import type { Me } from '../../../main/contract/index.ts'
import { signOut } from '../../api/sign-in.ts'
import { Logout } from '../icons.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { exactWords } from '../time/words.ts'

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/** Who is here, and the way out. */
export function SignedIn({ me }: { me: Me }) {
  const [failed, setFailed] = useState(false)
  const roles = me.roles.map(capital).join(' · ')
  return (
    <Menu position="top-start" width={240} shadow="md" transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <button type="button" className="nav-who" title={`${me.name}, ${roles}`}>
          <Avatar name={me.name} kind="person" />
          <span className="nav-word cut">
            <span className="small medium cut">{me.name}</span>
            <span className="meta third cut">{roles}</span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.groups.length > 0 ? `In ${me.groups.join(', ')}` : 'In no group'}
          {me.signInAt === null ? null : (
            <>
              <br />
              Signed in {exactWords(me.signInAt)}
            </>
          )}
        </Menu.Label>
        <Menu.Item leftSection={<Logout />} closeMenuOnClick={false} onClick={() => void signOut().then((done) => setFailed(!done))}>
          Sign out
          {failed ? <span className="small in-deny"> · the host did not answer, try again</span> : null}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
