import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SessionDetail } from '../../../main/contract/index.ts'
import { proofQuery } from '../../api/queries.ts'
import { ShieldCheck, ShieldX } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import { exactWords, minuteWords } from '../../ui/time/words.ts'
import { countWords } from '../../ui/words.ts'

/** A record of at most so many events is proved without being asked. */
const BY_ITSELF = 20_000

/** Whether the record is as it was written. Never green before the check has ended. */
export function useProof(session: SessionDetail | undefined) {
  const [wanted, want] = useState(false)
  const enabled = session !== undefined && (wanted || (!session.live && session.events <= BY_ITSELF))
  const proof = useQuery({ ...proofQuery(session?.id ?? '', session?.live ? session.events : undefined), enabled })
  return { proof, ask: () => (enabled ? void proof.refetch() : want(true)) }
}

export function ProofBadge({ proof, ask, events }: ReturnType<typeof useProof> & { readonly events: number }) {
  if (proof.isFetching)
    return (
      <span className="proof meta second" role="status">
        Checking {countWords(events)} events…
      </span>
    )
  if (proof.data?.intact)
    return (
      <button
        type="button"
        className="proof intact"
        title={`${countWords(proof.data.events)} events fit their chain of hashes; the signature covers ${countWords(proof.data.signedEvents)}${proof.data.signedAt === null ? '' : `, ${exactWords(proof.data.signedAt)}`}. Press to check again.`}
        onClick={ask}
      >
        <ShieldCheck />
        Chain intact{proof.data.signedAt === null ? ', not signed yet' : `, signed ${minuteWords(proof.data.signedAt)}`}
      </button>
    )
  if (proof.data)
    return (
      <button type="button" className="proof altered" onClick={ask}>
        <ShieldX />
        Event {countWords(proof.data.fault?.seq ?? 0)} altered
      </button>
    )
  return (
    <Button icon={<ShieldCheck />} onClick={ask} title={proof.isError ? 'The last check did not end' : undefined}>
      {proof.isError ? 'Verify again' : 'Verify'}
    </Button>
  )
}
