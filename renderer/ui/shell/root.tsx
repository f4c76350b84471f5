import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation } from '@tanstack/react-router'
import { CallFailed } from '../../api/call.ts'
import { Live } from '../../api/live.tsx'
import { meQuery } from '../../api/queries.ts'
import { Notifications } from '../../approvals/notifications.tsx'
import { NoRole } from '../../sign-in/no-role.tsx'
import { SignInPage } from '../../sign-in/sign-in-page.tsx'
import { Failing } from '../parts/screen-state.tsx'
import { Frame } from './frame.tsx'

/** Who is here decides what they get: the sign-in page, a plain word that they have no role, or the pages. */
export function Root() {
  const me = useQuery(meQuery)
  const { pathname, searchStr: search } = useLocation()
  const signedOut = me.error instanceof CallFailed && me.error.status === 401
  if (signedOut) return <SignInPage />
  if (me.error instanceof CallFailed && me.error.status === 403)
    return <NoRole words={me.error.message} name={undefined} groups={[]} roleGroups={[]} />
  if (me.isError && !me.data)
    return (
      <main className="alone">
        <Failing whole what="Who you are" error={me.error} retry={() => void me.refetch()} />
      </main>
    )
  if (!me.data) return <main className="alone" aria-busy="true" />
  if (me.data.roles.length === 0)
    return <NoRole words={undefined} name={me.data.name} groups={me.data.groups} roleGroups={me.data.roleGroups ?? []} />
  if (pathname === '/sign-in') return <SignInPage me={me.data} />
  // A window of its own has no way to elsewhere.
  if (new URLSearchParams(search).has('popup') && pathname.startsWith('/approvals/'))
    return (
      <>
        <Live />
        <Outlet />
      </>
    )
  // The guide stands alone. Before there is an admin nothing else may be read, also no stream.
  if (pathname === '/set-up')
    return (
      <>
        {me.data.issuer === 'urn:sallyport:set-up' ? null : <Live />}
        <Outlet />
      </>
    )
  return (
    <>
      <Live />
      <Notifications />
      <Frame me={me.data}>
        <Outlet />
      </Frame>
    </>
  )
}
