/**
 * What the target database holds, as one frozen snapshot. Names answer with every candidate in any schema, since what an unqualified
 * name means depends on settings that nobody should have to track.
 */

/** OIDs below this were made by initdb: PostgreSQL's own objects (`FirstNormalObjectId` in access/transam.h). */
export const FIRST_USER_OID = 16384

export interface CatalogColumn {
  readonly attnum: number
  readonly name: string
  /** `pg_type.oid`. */
  readonly type: number
  /** Foreign tables: the column's name on the other side. */
  readonly remoteName: string | undefined
  /** Generated columns: those of the same table that it is computed from (`attnum`). */
  readonly generatedFrom?: readonly number[]
}

/** A foreign key: `columns[i]` here holds a value of `targetColumns[i]` there. */
export interface ForeignKey {
  readonly columns: readonly number[]
  readonly target: number
  readonly targetColumns: readonly number[]
}

/** The team's own code that the server runs with a statement on a table, without being named in it. */
export interface AttachedCode {
  readonly kind: 'trigger' | 'policy' | 'default' | 'check' | 'index'
  readonly name: string
  /** `pg_proc.oid`. */
  readonly fn: number
  /** When it runs: on reading, inserting, updating, deleting, truncating. */
  readonly on: readonly ('read' | 'insert' | 'update' | 'delete' | 'truncate')[]
}

/** `pg_class.relkind`: table, view, materialized view, partitioned table, foreign table, sequence, composite type, TOAST table. */
export type RelationKind = 'r' | 'v' | 'm' | 'p' | 'f' | 'S' | 'c' | 't'

export interface Relation {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** `public.customers`, quoted where SQL needs it. */
  readonly label: string
  readonly kind: RelationKind
  readonly columns: readonly CatalogColumn[]
  readonly column: (name: string) => CatalogColumn | undefined
  /** `pg_type.oid` of its row. */
  readonly rowType: number
  /** PostgreSQL's own: pg_catalog and information_schema. */
  readonly system: boolean
  readonly temporary: boolean
  /** Views: the definition with every name qualified (`search_path` empty). */
  readonly definition: string | undefined
  /** Rules other than a view's own: a write does something else than it says. */
  readonly rewrites: boolean
  readonly parents: readonly number[]
  readonly children: readonly number[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly attached: readonly AttachedCode[]
  /** Foreign tables: `schema.table` on the other side, where its options say so. */
  readonly remote: string | undefined
}

/** `pg_type.typtype`, with arrays told apart from other base types. */
export type TypeKind = 'base' | 'array' | 'range' | 'multirange' | 'composite' | 'domain' | 'enum' | 'pseudo'

export interface TypeInfo {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: TypeKind
  /** Domains: the type below. */
  readonly base?: number
  /** Arrays: the element's type. Ranges and multiranges: the subtype. */
  readonly element?: number
  /** The array of this type; 0: none. */
  readonly array: number
  /** Composite: `pg_class.oid`; 0: none. */
  readonly relation: number
  readonly category: string
  /** Domains: a CHECK or DEFAULT runs a function that is not PostgreSQL's own. */
  readonly runsCode: boolean
  readonly system: boolean
  readonly extension: string | undefined
}

export interface FunctionInfo {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** `public.touch_customer(integer)`. */
  readonly signature: string
  /** Input argument types; undefined: not known, so any call may mean it. */
  readonly args: readonly number[] | undefined
  readonly defaults: number
  readonly variadic: boolean
  readonly returns: number
  /** Names and types of OUT and TABLE columns. */
  readonly outs: readonly { readonly name: string; readonly type: number }[]
  /** `pg_proc.prokind`: function, procedure, aggregate, window. */
  readonly kind: string
  /** `pg_proc.provolatile`: i, s, v. */
  readonly volatility: string
  readonly language: string
  readonly system: boolean
  readonly extension: string | undefined
  /** SHA-256 (hex) of `pg_get_functiondef`, which says all that it is; undefined for PostgreSQL's own, extensions' and aggregates. */
  readonly source: string | undefined
  /** The team's own. */
  readonly code?: RoutineCode
  /** The team's own aggregates: the functions that it is made of. */
  readonly support?: readonly number[]
}

/** What a function of the team's own is made of. */
export interface RoutineCode {
  /** `pg_proc.prosrc`. */
  readonly text: string
  /** `RETURN …` or `BEGIN ATOMIC …` (`pg_get_function_sqlbody`), with every name qualified. */
  readonly sqlBody: string | undefined
  readonly returnsSet: boolean
  /** SECURITY DEFINER: it runs with its owner's rights. */
  readonly definer: boolean
  /** Names of the input arguments; empty where they have none. */
  readonly argNames: readonly string[]
}

export interface OperatorInfo {
  readonly schema: string
  readonly name: string
  /** 0: prefix. */
  readonly left: number
  readonly right: number
  readonly result: number
  readonly fn: number
  readonly system: boolean
}

export interface CastInfo {
  readonly source: number
  readonly target: number
  /** 0: none (binary-coercible or through text). */
  readonly fn: number
  /** `pg_cast.castcontext`: implicit, assignment, explicit. */
  readonly context: string
  readonly system: boolean
}

/** One frozen snapshot. Its object identity is its version. */
export interface Catalog {
  /** Grows by one with each snapshot of this process. */
  readonly version: number
  /** `server_version_num`; 0 when assumed. */
  readonly serverVersion: number
  /** Not read from a database: what the statement names is taken to exist. */
  readonly assumed: boolean
  /** False when the role's `search_path` puts another schema before pg_catalog: then even `=` may be somebody's code. */
  readonly systemFirst: boolean
  readonly schemas: ReadonlySet<string>
  readonly relation: (oid: number) => Relation | undefined
  /** All relations of that name that a query can read, in any schema. */
  readonly relationsNamed: (name: string) => readonly Relation[]
  readonly relations: () => Iterable<Relation>
  readonly type: (oid: number) => TypeInfo | undefined
  readonly typesNamed: (name: string) => readonly TypeInfo[]
  readonly fn: (oid: number) => FunctionInfo | undefined
  readonly functions: () => Iterable<FunctionInfo>
  readonly functionsNamed: (name: string) => readonly FunctionInfo[]
  readonly operatorsNamed: (name: string) => readonly OperatorInfo[]
  /** Casts that run a function which is not PostgreSQL's own. */
  readonly codeCasts: readonly CastInfo[]
  /** Implicit casts of PostgreSQL itself, as `source target` pairs. */
  readonly implicit: (source: number, target: number) => boolean
  /** As an open transaction sees it: what everybody else sees. Labels of that hold on to their columns, whatever they are called by now. */
  readonly before?: Catalog
}
