import { UserX } from '../ui/icons.tsx'
import { SignOutButton } from '../ui/parts/sign-out-button.tsx'
import { orWords } from '../ui/words.ts'

interface Props {
  /** The host's own words, which name the groups that would give a role. */
  readonly words: string | undefined
  readonly name: string | undefined
  readonly groups: readonly string[]
  /** Those that would give a role. */
  readonly roleGroups: readonly string[]
}

/** Signed in, and nothing here is for them. */
export function NoRole({ words, name, groups, roleGroups }: Props) {
  return (
    <main className="alone">
      <div className="gate-card">
        <span className="third">
          <UserX size={28} />
        </span>
        <h1>You have no role here</h1>
        <p className="second small">
          {words ??
            (roleGroups.length > 0
              ? `A role comes with being in ${orWords(roleGroups)}. Ask whoever keeps your provider’s groups, then sign in again.`
              : 'No group gives a role yet. An administrator names them under “roles” in the configuration.')}
        </p>
        {name === undefined ? null : (
          <p className="meta third">
            Signed in as {name}, {groups.length > 0 ? `in ${orWords(groups, 'and')}` : 'in no group'}.
          </p>
        )}
        <SignOutButton />
      </div>
    </main>
  )
}
