/** Parse and Describe, without running: what the server answers, and the rewritten tree that it logs. */
import type pg from 'pg'

export interface Described {
  /** The error's text; undefined when the server took the statement. */
  readonly error: string | undefined
  readonly fields: readonly { readonly name: string; readonly tableID: number; readonly columnID: number }[]
  /** `debug_print_rewritten`'s text. */
  readonly tree: string | undefined
}

export async function openDescriber(client: pg.Client): Promise<(sql: string) => Promise<Described>> {
  let tree: string | undefined
  client.on('notice', (notice) => {
    if (notice.message === 'rewritten parse tree:') tree = notice.detail
  })
  await client.query(
    'SET debug_print_parse = off; SET debug_pretty_print = off; SET client_min_messages = log; SET debug_print_rewritten = on',
  )
  return (sql) =>
    new Promise((resolve) => {
      tree = undefined
      let fields: Described['fields'] = []
      const query = {
        submit: (connection: pg.Connection) => {
          const wire = connection as unknown as {
            parse(query: { text: string; name: string; types: number[] }): void
            describe(what: { type: 'S'; name: string }): void
            sync(): void
          }
          wire.parse({ text: sql, name: '', types: [] })
          wire.describe({ type: 'S', name: '' })
          wire.sync()
        },
        handleRowDescription: (message: { fields: Described['fields'] }) => {
          fields = message.fields
        },
        // After an error the client forgets the query before it is ready for the next.
        handleError: (problem: Error) => resolve({ error: problem.message, fields, tree }),
        handleReadyForQuery: () => resolve({ error: undefined, fields, tree }),
      }
      client.query(query as unknown as pg.Submittable)
    })
}
