import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { Button } from '../ui/parts/button.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import '../ui/parts/list.css'

/** Before there is an admin, the code on the host's console lets in whoever sets it up. */
export function SetUpCode() {
  const [code, setCode] = useState('')
  const redeeming = useMutation({
    mutationFn: () => call('setUpCode', { body: { code } }),
    // Loaded anew: somebody else is here now.
    onSuccess: () => location.assign('/set-up'),
  })
  return (
    <form
      className="dialog-form set-up-code"
      onSubmit={(event) => {
        event.preventDefault()
        redeeming.mutate()
      }}
    >
      <label className="field">
        Set-up code
        <input
          value={code}
          required
          autoComplete="one-time-code"
          spellCheck={false}
          placeholder="XXXXX-XXXXX-XXXXX-XXXXX"
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <span className="third">It stands on the host’s console: nobody is an admin here yet.</span>
      </label>
      {redeeming.error ? (
        <p className="small in-deny" role="alert">
          {wordsOf(redeeming.error)}
        </p>
      ) : null}
      <Button type="submit" disabled={code.trim() === '' || redeeming.isPending}>
        Set this host up
      </Button>
    </form>
  )
}
