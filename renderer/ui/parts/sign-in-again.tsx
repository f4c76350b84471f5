import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { CallFailed } from '../../api/call.ts'
import { signInQuery } from '../../api/queries.ts'
import { signInUrl } from '../../api/sign-in.ts'

/** The host wants a fresher sign-in for this. */
export const wantsSignIn = (error: unknown) => error instanceof CallFailed && (error.problem?.type ?? '').endsWith('sign-in-old')

/** Links that sign in anew, in another tab: what stands unsaved on this page stays. */
export function SignInAgain({ then }: { then: string }) {
  const options = useQuery(signInQuery)
  const { pathname } = useLocation()
  return (
    <span className="small">
      {options.data?.providers.map((provider) => (
        <a key={provider.name} href={signInUrl(provider.url, pathname, true)} target="_blank" rel="noreferrer">
          Sign in again with {provider.name}
        </a>
      ))}{' '}
      in another tab, then {then}.
    </span>
  )
}
