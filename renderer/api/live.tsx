import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { healthQuery, learnApproval, learnSession, standingQuery } from './queries.ts'
import { listen } from './stream.ts'

const SETTLE_MS = 400

/** Keeps everything on screen current for as long as it stands. Draws nothing. */
export function Live() {
  const client = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    // Many statements end in a burst: lists and open records are read once it is over.
    const readSessionsSoon = (id?: string) => {
      if (id !== undefined) touched.add(id)
      timer ??= setTimeout(() => {
        timer = undefined
        void client.invalidateQueries({ queryKey: ['sessions', 'list'] })
        for (const each of touched) {
          void client.invalidateQueries({ queryKey: ['sessions', 'one', each] })
        }
        touched.clear()
      }, SETTLE_MS)
    }
    const touched = new Set<string>()
    const readAll = () => {
      void client.invalidateQueries({ queryKey: ['approvals'] })
      void client.invalidateQueries({ queryKey: ['sessions'] })
      void client.invalidateQueries({ queryKey: healthQuery.queryKey })
    }
    const stop = listen((event) => {
      switch (event.type) {
        case 'approval':
          learnApproval(client, event.approval)
          // It may have been the last use of one that stands, or have made one.
          if (event.approval.state !== 'pending') void client.invalidateQueries({ queryKey: standingQuery.queryKey })
          return
        case 'session':
          if (!learnSession(client, event.session)) void client.invalidateQueries({ queryKey: ['sessions', 'pages'] })
          return readSessionsSoon(event.session.id)
        case 'health':
          client.setQueryData(healthQuery.queryKey, event.health)
          return
        case 'reset':
          return readAll()
      }
    }, readAll)
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [client])
  return null
}
