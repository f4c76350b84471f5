import { useQuery } from '@tanstack/react-query'
import type { Me } from '../../main/contract/index.ts'
import { CallFailed } from '../api/call.ts'
import { approvalQuery, bookQuery } from '../api/queries.ts'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { Card } from './card.tsx'

interface Props {
  readonly id: number
  readonly me: Me | undefined
  /** Opens the next one that waits; undefined when none does. */
  readonly next: (() => void) | undefined
  /** On a narrow screen: back to the list. */
  readonly back?: () => void
  readonly compact?: boolean
}

/** The card of one approval: from what is known already, else read by its number. */
export function CardLoader({ id, me, next, back, compact = false }: Props) {
  const book = useQuery(bookQuery)
  const known = book.data?.entries.get(id)?.approval
  const one = useQuery({ ...approvalQuery(id), enabled: known === undefined && book.isFetched && Number.isInteger(id) })
  const approval = known ?? one.data
  if (approval) return <Card approval={approval} me={me} next={next} {...(back ? { back } : {})} compact={compact} />
  if (!Number.isInteger(id) || (one.error instanceof CallFailed && one.error.status === 404))
    return <Empty title="There is no such request">It may be from another host, or its record was kept long enough.</Empty>
  if (one.isError) return <Failing what={`Request ${id}`} error={one.error} retry={() => void one.refetch()} />
  return <CardBones />
}

function CardBones() {
  return (
    <div className="card" aria-busy="true">
      <span className="unseen">Loading the request</span>
      <div className="card-scroll">
        <Bone width="70%" height={26} />
        <Bone height={34} />
        <Bone height={130} />
        <Bone width="50%" />
        <Bone height={56} />
      </div>
    </div>
  )
}
