/** Something that the role may do and that Sallyport never needs. */
export interface RightWarning {
  /** `superuser`, `pg_read_server_files`… */
  readonly right: string
  readonly message: string
  readonly todo: string
}

export interface Rights {
  /** Tables and views that are not the system's. */
  readonly tables: number
  readonly readable: number
  readonly writable: number
  readonly warnings: readonly RightWarning[]
}

type Query = (sql: string) => Promise<(string | null)[][]>

const ATTRIBUTES: readonly (readonly [right: string, message: string, todo: string])[] = [
  [
    'superuser',
    'It is a superuser: the server checks nothing of what it does, and reads and writes files and runs programs for it.',
    'ALTER ROLE … NOSUPERUSER, and grant it what it needs.',
  ],
  ['createrole', 'It may make other roles, and give them rights.', 'ALTER ROLE … NOCREATEROLE.'],
  ['createdb', 'It may make databases.', 'ALTER ROLE … NOCREATEDB.'],
  ['replication', 'It may copy the whole server by replication.', 'ALTER ROLE … NOREPLICATION.'],
  ['bypassrls', 'Row security does not hold for it.', 'ALTER ROLE … NOBYPASSRLS.'],
]

const MEMBERSHIPS: Readonly<Record<string, string>> = {
  pg_read_server_files: 'It may read files of the server’s machine.',
  pg_write_server_files: 'It may write files of the server’s machine.',
  pg_execute_server_program: 'It may run programs on the server’s machine.',
  pg_read_all_data: 'It may read every table, whatever is granted.',
  pg_write_all_data: 'It may change every table, whatever is granted.',
  pg_signal_backend: 'It may cancel and end sessions of others.',
  pg_database_owner: 'It owns the database, and may change and drop what is in it.',
  pg_read_all_settings: 'It may read settings that only superusers should see.',
  pg_create_subscription: 'It may have the server connect elsewhere by subscriptions.',
  pg_maintain: 'It may vacuum and lock every table.',
  pg_checkpoint: 'It may force checkpoints.',
}

const OUR_SCHEMAS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`

/** Reads, from the catalog alone, what the role that is logged in may do. */
export async function findRights(query: Query): Promise<Rights> {
  const [attributes = []] = await query(
    'SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user',
  )
  const [counts = []] = await query(
    `SELECT count(*), count(*) FILTER (WHERE has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')),
            count(*) FILTER (WHERE has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')),
            count(*) FILTER (WHERE pg_has_role(c.relowner, 'USAGE'))
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${OUR_SCHEMAS}`,
  )
  const [tables = 0, readable = 0, writable = 0, owned = 0] = counts.map(Number)
  const warnings: RightWarning[] = ATTRIBUTES.filter((_one, i) => attributes[i] === 't').map(([right, message, todo]) => ({
    right,
    message,
    todo,
  }))
  // A superuser has all of these by being one.
  if (attributes[0] !== 't') {
    const members = await query("SELECT rolname FROM pg_roles WHERE rolname ~ '^pg_' AND pg_has_role(oid, 'USAGE') ORDER BY 1")
    for (const [right] of members) {
      const message = right === null || right === undefined ? undefined : MEMBERSHIPS[right]
      if (message !== undefined) warnings.push({ right: right ?? '', message, todo: `REVOKE ${right} from it.` })
    }
    warnings.push(...(await ofTheDatabase(query)))
    if (owned > 0) {
      warnings.push({
        right: 'owner',
        message: `It owns ${owned} tables or views: it may drop them, and change who may read them.`,
        todo: 'Let another role own them, and grant this one what it needs.',
      })
    }
  }
  return { tables, readable, writable, warnings }
}

async function ofTheDatabase(query: Query): Promise<RightWarning[]> {
  const [found = []] = await query(
    `SELECT has_database_privilege(current_database(), 'CREATE'),
            (SELECT string_agg(quote_ident(n.nspname), ', ') FROM pg_namespace n WHERE ${OUR_SCHEMAS} AND has_schema_privilege(n.oid, 'CREATE')),
            (SELECT string_agg(lanname, ', ') FROM pg_language WHERE NOT lanpltrusted AND lanispl AND has_language_privilege(oid, 'USAGE')),
            (SELECT string_agg(srvname, ', ') FROM pg_foreign_server WHERE has_server_privilege(oid, 'USAGE'))`,
  )
  const [create, schemas, languages, servers] = found
  const warnings: RightWarning[] = []
  const warn = (right: string, message: string, todo: string) => warnings.push({ right, message, todo })
  if (create === 't') warn('create-schema', 'It may make schemas in the database.', 'REVOKE CREATE ON DATABASE … from it.')
  if (schemas)
    warn('create', `It may make tables and functions in ${schemas}.`, `REVOKE CREATE ON SCHEMA ${schemas} from it (and from PUBLIC).`)
  if (languages)
    warn(
      'untrusted-language',
      `It may write functions in ${languages}, which do as they please on the server’s machine.`,
      'REVOKE USAGE ON LANGUAGE … from it.',
    )
  if (servers) warn('foreign-server', `It may reach other servers: ${servers}.`, 'REVOKE USAGE ON FOREIGN SERVER … from it.')
  return warnings
}
