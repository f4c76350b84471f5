import { useQuery } from '@tanstack/react-query'
import { CallFailed } from '../../api/call.ts'
import { signInQuery } from '../../api/queries.ts'
import { signInUrl } from '../../api/sign-in.ts'
import { wordsOf } from '../../ui/parts/screen-state.tsx'

/** Why the host did not take a change, and the way on: a sign-in that is too old is renewed in another tab, so that the draft stays. */
export function ChangeRefused({ error }: { error: unknown }) {
  const options = useQuery(signInQuery)
  const problem = error instanceof CallFailed ? error.problem : undefined
  const tooOld = problem?.type.endsWith('sign-in-old') === true
  return (
    <div className="warning bad" role="alert">
      <div>
        {wordsOf(error)}
        {(problem?.errors ?? []).slice(0, 5).map((each) => (
          <div key={`${each.at}/${each.message}`} className="meta">
            {each.at === '' ? '' : `${each.at}: `}
            {each.message}
          </div>
        ))}
        {tooOld
          ? (options.data?.providers ?? []).map((provider) => (
              <div key={provider.name}>
                <a href={signInUrl(provider.url, '/policies', true)} target="_blank" rel="noopener">
                  Sign in again with {provider.name}, in a new tab
                </a>
              </div>
            ))
          : null}
      </div>
    </div>
  )
}
