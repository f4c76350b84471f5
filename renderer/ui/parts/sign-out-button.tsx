import { useState } from 'react'
import { signOut } from '../../api/sign-in.ts'
import { Button } from './button.tsx'

/** Signs out, and says so when that failed. */
export function SignOutButton() {
  const [failed, setFailed] = useState(false)
  return (
    <>
      <Button onClick={() => void signOut().then((done) => setFailed(!done))}>Sign out</Button>
      {failed ? (
        <p className="small in-deny" role="alert">
          The host did not answer: you are still signed in. Try again.
        </p>
      ) : null}
    </>
  )
}
