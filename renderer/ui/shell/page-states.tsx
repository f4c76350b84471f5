import { Link, useRouter } from '@tanstack/react-router'
import { Empty, Failing } from '../parts/screen-state.tsx'

export function NotFound() {
  return (
    <main className="screen">
      <Empty whole title="There is no such page" action={<Link to="/">Go to the start page</Link>}>
        The address may be mistyped, or the page has moved.
      </Empty>
    </main>
  )
}

/** A page whose code is still on its way. */
export function PagePending() {
  return (
    <main className="screen" aria-busy="true">
      <span className="unseen">Loading</span>
    </main>
  )
}

export function PageBroke({ error }: { error: unknown }) {
  const router = useRouter()
  return (
    <main className="screen">
      <Failing whole what="This page" error={error} retry={() => void router.invalidate()} />
    </main>
  )
}
