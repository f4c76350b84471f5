import pg from 'pg'

export interface Answer {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** `SELECT`, `UPDATE 1`. */
  readonly tag: string
}

export interface Refusal {
  readonly code: string
  readonly message: string
  readonly detail: string | undefined
  readonly hint: string | undefined
}

export type Outcome = { readonly answer: Answer } | { readonly refusal: Refusal }

export interface AgentClient {
  /** One statement. An error of the server is an outcome; a lost connection throws. */
  ask(sql: string): Promise<Outcome>
  close(): Promise<void>
}

export interface AgentAddress {
  readonly host: string
  readonly port: number
  readonly connection: string
  readonly token: string
}

/** An ordinary PostgreSQL client, as any agent has one: the token is its password. `onNotice` gets what the gateway says while a statement waits. */
export async function connectAgent(address: AgentAddress, onNotice: (text: string) => void): Promise<AgentClient> {
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    database: address.connection,
    user: 'cursor',
    password: address.token,
    application_name: 'Cursor',
    // The text as it came: the screen shows what an agent reads.
    types: { getTypeParser: () => (value: string | null) => value } as pg.CustomTypesConfig,
  })
  client.on('notice', (notice) => onNotice(notice.message ?? ''))
  await client.connect()
  return {
    async ask(sql) {
      try {
        const result = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })
        const count = result.rowCount === null || result.command === 'SELECT' ? '' : ` ${result.rowCount}`
        return { answer: { columns: result.fields.map((field) => field.name), rows: result.rows, tag: `${result.command}${count}` } }
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) throw error
        return { refusal: { code: error.code ?? '', message: error.message, detail: error.detail, hint: error.hint } }
      }
    },
    close: () => client.end(),
  }
}
