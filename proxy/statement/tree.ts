/** Shapes of libpg-query's tree, as types only: `@pgsql/types` describes PostgreSQL 18's. */
import type { A_Const, DefElem, Node, TypeName } from '@pgsql/types'

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never

/** Every node type by its name. */
export type Nodes = Intersection<Node>
export type NodeKind = keyof Nodes

export interface Tagged<K extends NodeKind = NodeKind> {
  readonly kind: K
  readonly body: Nodes[K]
}

/** A wrapped node is an object with one key, its type. */
export function tag(node: Node): Tagged {
  const kind = Object.keys(node)[0] as NodeKind
  return { kind, body: (node as Record<string, unknown>)[kind] as Nodes[typeof kind] }
}

/** The body if the node is of that kind. */
export function as<K extends NodeKind>(node: Node | undefined, kind: K): Nodes[K] | undefined {
  return node === undefined ? undefined : (node as Partial<Record<K, Nodes[K]>>)[kind]
}

/** The text of a String node. */
export function nameOf(node: Node | undefined): string {
  return as(node, 'String')?.sval ?? ''
}

export const namesOf = (nodes: readonly Node[] | undefined): string[] => (nodes ?? []).map(nameOf)

/** An option of a statement: `(FORMAT csv)`, READ ONLY. */
export const optionOf = (node: Node): DefElem => as(node, 'DefElem') ?? {}

/** What a constant says, as text; undefined if it is not one. Zero and false are left out of the tree. */
export function constantOf(node: Node | undefined): string | undefined {
  const constant = as(node, 'A_Const')
  if (constant !== undefined) return constantText(constant)
  const list = as(node, 'List')
  if (list?.items?.length === 1) return constantOf(list.items[0])
  const cast = as(node, 'TypeCast')
  if (cast !== undefined && isPlainText(cast.typeName)) return constantOf(cast.arg)
  return undefined
}

function constantText(constant: A_Const): string | undefined {
  const value = constant as {
    ival?: { ival?: number }
    fval?: { fval?: string }
    sval?: { sval?: string }
    boolval?: { boolval?: boolean }
  }
  if (value.sval !== undefined) return value.sval.sval ?? ''
  if (value.ival !== undefined) return String(value.ival.ival ?? 0)
  if (value.fval !== undefined) return value.fval.fval ?? '0'
  if (value.boolval !== undefined) return value.boolval.boolval === true ? 'true' : 'false'
  return undefined
}

function isPlainText(type: TypeName | undefined): boolean {
  const names = namesOf(type?.names)
  return names.at(-1) === 'text' && (names.length === 1 || names[0] === 'pg_catalog') && (type?.arrayBounds ?? []).length === 0
}

/** libpg-query leaves 0 out and writes -1 for "not told". */
export function at(location: number | undefined): number {
  return location === undefined || location < 0 ? 0 : location
}
