/**
 * What a statement does: the vocabulary that the analysis writes and the verdict reads. Types only.
 * Offsets are byte offsets into the text, as PostgreSQL's parser gives them.
 */

/** `read` < … : a statement can carry several; the strictest rule over all of them decides. */
export const VERBS = ['read', 'write', 'ddl', 'privilege', 'session', 'transaction', 'admin', 'unknown'] as const
export type Verb = (typeof VERBS)[number]

/** A part of the text that caused something, for the refusal and for the approver's page. */
export interface Span {
  readonly offset: number
  /** Bytes; 0 when the parser does not tell. */
  readonly length: number
}

/** A relation that the statement names. `candidates` are all relations of that name when the schema was not given. */
export interface RelationUse extends Span {
  /** As resolved: `public.customers`. A name that the catalog does not hold is in `unknown` instead. */
  readonly relation: string
  readonly oid: number
  readonly access: 'read' | 'write'
  /** Reached through a view, a partition parent or a rule rather than named. */
  readonly via: string | undefined
  /** What is done to it where that is neither reading nor writing rows: `ddl` for ALTER TABLE. */
  readonly verb?: Verb
  /** Code of the team's does it, which `via` names: a function that the statement calls, or a trigger that runs with it. */
  readonly by?: 'function' | 'trigger'
  /** `pg_proc.oid` of that code. */
  readonly fn?: number
}

/** `=`, `<>`, IN, IS DISTINCT FROM or `= ANY` of a column as it is with nothing but plain strings and parameters. */
export interface Equality {
  /** Where the strings begin, in bytes: at the quote, unless it is a string of another kind. */
  readonly constants: readonly number[]
  /** Numbers of parameters, from 1. */
  readonly parameters: readonly number[]
  /** Each of them is an array of what is compared. */
  readonly arrays: boolean
}

/** The parameters of a statement that has equalities. */
export interface ParameterUse {
  /** 0: there is none. */
  readonly highest: number
  /** Those that stand anywhere but in an equality. */
  readonly elsewhere: readonly number[]
}

/** A base column, after views, aliases and CTEs are looked through. `column` 0 is the whole row. */
export interface ColumnUse extends Span {
  readonly relation: string
  readonly oid: number
  /** `pg_attribute.attnum`; 0 is the whole row. */
  readonly attnum: number
  readonly column: string
  /** `shows`: comes out as itself, in place, so it can be masked. `uses`: predicate, join, order, group, expression, aggregate, whole row. */
  readonly how: 'shows' | 'uses'
  /** This use is an equality in the text itself, and nothing else is done with the column there. */
  readonly equals?: Equality
}

/** Where one output column comes from. Index = position in the RowDescription. */
export interface OutputColumn {
  readonly name: string
  /** `itself`: exactly these base columns' values (several for set operations). `derived`: computed from them. `unknown`: mask it whole if anything sensitive could be in reach. */
  readonly from: 'itself' | 'derived' | 'unknown'
  readonly sources: readonly { readonly oid: number; readonly attnum: number }[]
  /** Bits of `respelled.ts`: its text may be reversed, encoded or regrouped. */
  readonly respelled?: number
}

/** Where a value goes that does not come out in the answer. `made`: a table that the statement makes; its column `*` is all of them. */
export type CarryTarget =
  | { readonly kind: 'column'; readonly relation: string; readonly oid: number; readonly attnum: number; readonly column: string }
  | { readonly kind: 'made'; readonly schema: string | undefined; readonly name: string; readonly column: string }
  /** For people: `a setting`, `trigger t on public.people`. */
  | { readonly kind: 'place'; readonly what: string }

/** A value made of base columns that the statement stores, or tells somebody else. What is made of nothing but constants is not among them. */
export interface Carry extends Span {
  readonly to: CarryTarget
  /** `plain`: as it lies there. `attnum` 0: of the whole row. */
  readonly sources: readonly { readonly oid: number; readonly attnum: number; readonly plain: boolean }[]
  /** False: it may hold anything that the statement touches. */
  readonly known: boolean
}

/** Something that could not be proved harmless. */
export interface Unknown extends Span {
  /** `function public.touch_customer(integer)`, `relation "foo"`, `setting "role"`, `node XmlSerialize`. */
  readonly what: string
  /** Analysing or planning it could already run somebody's code: stop it before Parse. */
  readonly code: boolean
  /** `pg_proc.oid` where it is a team's own function: an admin can vouch for it, and then it is no longer unknown. */
  readonly fn?: number
}

/** A name in the session's own namespace that this statement makes, uses or drops. The session resolves them, since only it knows what the server has confirmed. */
export type NameUse =
  | { readonly kind: 'prepare'; readonly name: string; readonly body: StatementFacts }
  | { readonly kind: 'execute'; readonly name: string }
  | { readonly kind: 'deallocate'; readonly name: string | undefined }
  | { readonly kind: 'declare'; readonly name: string; readonly body: StatementFacts; readonly hold: boolean }
  | { readonly kind: 'fetch'; readonly name: string }
  | { readonly kind: 'close'; readonly name: string | undefined }
  /** DISCARD ALL and its like: every name goes. */
  | { readonly kind: 'discard' }

/** One statement of a string. Frozen; the same object for the same text and catalog. */
export interface StatementFacts {
  /** `SELECT`, `UPDATE`, `CREATE TABLE AS`… for people. */
  readonly kind: string
  /** Where this statement stands in the whole text. */
  readonly span: Span
  readonly verbs: readonly Verb[]
  /**
   * Which part made each verb beyond `read`: shown in refusals. `changesReading`: with it the server would read other statements than the
   * grammar does (another client_encoding), so it is refused whatever the policy says.
   */
  readonly because: readonly { readonly verb: Verb; readonly what: string; readonly offset: number; readonly changesReading?: boolean }[]
  readonly relations: readonly RelationUse[]
  readonly columns: readonly ColumnUse[]
  /** Schema-qualified, one for each candidate: `pg_catalog.lower`. */
  readonly functions: readonly { readonly name: string; readonly offset: number }[]
  readonly unknown: readonly Unknown[]
  /** Undefined: none. */
  readonly carries?: readonly Carry[]
  /** Undefined: the statement returns no rows. Empty and `SELECT` with no target list are the same to PostgreSQL. */
  readonly outputs: readonly OutputColumn[] | undefined
  /** True when rows come but their columns cannot be told (EXECUTE, FETCH: the session fills it from the name). */
  readonly outputsFromName: boolean
  readonly names: readonly NameUse[]
  /** UPDATE or DELETE (also inside a CTE) without WHERE. */
  readonly withoutWhere: boolean
  /** COPY: which way the data goes. */
  readonly copy: 'in' | 'out' | undefined
  /** COPY TO STDOUT or FROM STDIN: how its rows are written, so that they can be masked. An option that is not among these makes the statement `unknown`. */
  readonly copyFormat?: CopyFormat
  /** COPY FROM STDIN: the columns that its data are for, in order. Undefined: they cannot be told. */
  readonly copyColumns?: readonly OutputColumn[]
  /** BEGIN, COMMIT, ROLLBACK, SAVEPOINT…: what the session must know. `readOnly` when it says READ ONLY or READ WRITE. */
  readonly transaction: TransactionUse | undefined
  /** The answer holds sampled or constant values of others' columns (EXPLAIN, pg_stats): patterns and labels apply to its text whole. */
  readonly explain: boolean
  /** Undefined: it has no equality. */
  readonly parameters?: ParameterUse | undefined
  /** It may change the catalog: the catalog is read again before the next statement is judged. */
  readonly changesCatalog: boolean
}

export interface TransactionUse {
  readonly op: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to' | 'prepare' | 'set'
  readonly readOnly: boolean | undefined
}

/** Options of COPY with PostgreSQL's defaults filled in (documentation, "COPY"). */
export interface CopyFormat {
  readonly format: 'text' | 'csv' | 'binary'
  readonly delimiter: string
  readonly nullText: string
  readonly quote: string
  readonly escape: string
  readonly header: boolean
}
