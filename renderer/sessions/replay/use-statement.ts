import { useDebouncedValue } from '@mantine/hooks'
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { RecordedEvent } from '../../../main/contract/index.ts'
import { call } from '../../api/call.ts'
import { assemble, type StatementRecord } from '../assemble.ts'
import type { Scene } from './scenes.ts'

/** A playhead that runs, or is dragged, past many statements reads only those at which it stays so long. Milliseconds. */
const STAY_MS = { playing: 120, moved: 40 } as const
/** A statement has five to eight events; those of others stand between them. */
const FIRST_PAGE = 12
const MORE = 200
const PAGES = 20

/** All that the record says of one statement. `stage` makes it be read again when more is known. */
const statementQuery = (id: string, scene: Pick<Scene, 'number' | 'stage'>, closed: boolean) =>
  queryOptions({
    queryKey: ['sessions', 'statement', id, scene.number, scene.stage, closed],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    queryFn: async ({ signal }): Promise<StatementRecord | null> => {
      const own: RecordedEvent[] = []
      let after: number | undefined
      for (let count = 0; count < PAGES; count++) {
        const query = after === undefined ? { statement: scene.number, limit: FIRST_PAGE } : { after, limit: MORE }
        const page = await call('listEvents', { params: { id }, query, signal })
        for (const event of page.items) if ('statement' in event && event.statement === scene.number) own.push(event)
        if (page.next === null || seen(own) >= scene.stage) break
        after = page.next
      }
      return assemble(own, closed).statements[0] ?? null
    },
  })

const seen = (events: readonly RecordedEvent[]) =>
  new Set(
    events.map((event) => event.kind).filter((kind) => kind === 'asked' || kind === 'answered' || kind === 'sent' || kind === 'finished'),
  ).size

export function useStatement(id: string, scene: Scene | undefined, closed: boolean, playing: boolean) {
  const [settled] = useDebouncedValue(scene, playing ? STAY_MS.playing : STAY_MS.moved)
  // The first is read at once.
  const wanted = settled ?? scene
  const query = useQuery({
    ...statementQuery(id, wanted ?? { number: 0, stage: 0 }, closed),
    enabled: wanted !== undefined,
  })
  return { ...query, data: query.data && query.data.number === scene?.number ? query.data : undefined }
}
