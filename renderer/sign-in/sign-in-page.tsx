import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Me } from '../../main/contract/index.ts'
import { signInQuery } from '../api/queries.ts'
import { signInUrl } from '../api/sign-in.ts'
import { SetUpCode } from '../set-up/set-up-code.tsx'
import { Check, Mark, Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, wordsOf } from '../ui/parts/screen-state.tsx'
import './sign-in.css'

/** One button for each provider. With `me`: someone is signed in and does so anew, to be recent enough for a decision. */
export function SignInPage({ me }: { me?: Me }) {
  const options = useQuery(signInQuery)
  const { pathname, searchStr } = useLocation()
  const search = new URLSearchParams(searchStr)
  const failure = search.get('error')
  const back = pathname === '/sign-in' ? (search.get('return') ?? '/') : `${pathname}${searchStr}`
  useEffect(() => {
    document.title = 'Sign in · Sallyport'
  }, [])
  return (
    <main className="alone">
      <div className="gate-card">
        <Mark size={40} />
        <h1>{me ? 'Sign in again' : 'Sign in to Sallyport'}</h1>
        <p className="second small">
          {me ? 'A decision needs a recent sign-in. You come back to where you were.' : 'The door between AI agents and your databases.'}
        </p>
        {search.has('signed-out') ? (
          <p className="gate-note" role="status">
            <Check /> You are signed out.
          </p>
        ) : null}
        {failure ? (
          <p className="gate-note bad" role="alert">
            <Warn /> {failure}
          </p>
        ) : null}
        <div className="gate-ways">
          {options.isPending ? <Bone height={40} /> : null}
          {options.isError ? (
            <>
              <p className="gate-note bad" role="alert">
                <Warn /> {wordsOf(options.error)}
              </p>
              <Button onClick={() => void options.refetch()}>Try again</Button>
            </>
          ) : null}
          {options.data?.providers.map((provider) => (
            <a key={provider.name} className="button solid gate-way" href={signInUrl(provider.url, back, me !== undefined)}>
              Sign in with {provider.name}
            </a>
          ))}
          {options.data?.setUpCode && !me ? <SetUpCode /> : null}
          {options.data?.providers.length === 0 && !options.data.setUpCode ? (
            <p className="gate-note bad" role="alert">
              <Warn /> No provider is configured, so nobody can sign in. Add one under “identity” in the configuration.
            </p>
          ) : null}
        </div>
      </div>
    </main>
  )
}
