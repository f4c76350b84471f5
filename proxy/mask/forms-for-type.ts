import type { Catalog } from '../catalog/catalog.ts'
import { keptByBoth } from '../verdict/kept.ts'
import { compileLabels } from '../verdict/labels.ts'
import type { MaskForm, Policy } from '../verdict/policy.ts'
import { TOKEN_LENGTH } from './token.ts'
import { type Shape, shapeOf } from './type-shape.ts'

export const MASK_FORMS: readonly MaskForm[] = ['redact', 'partial', 'null', 'token']

const TEXT_NAMES = new Set(['text', 'varchar', 'bpchar', 'name', 'citext', 'cstring', 'refcursor'])

/**
 * Why a form makes no sense for a type, or undefined when it does. `typeName`: `pg_type.typname` below domains, `text[]` for arrays. `length`: of
 * `varchar(n)` and `char(n)`, in characters.
 */
export function formFits(form: MaskForm, typeName: string, length?: number): string | undefined {
  if (form === 'redact' || form === 'null') return undefined
  if (TEXT_NAMES.has(typeName)) {
    if (form === 'partial' || length === undefined || length >= TOKEN_LENGTH) return undefined
    return `${typeName}(${length}) has no room for a token of ${TOKEN_LENGTH} characters: the column will be masked as "redact"`
  }
  if (form === 'token' && (typeName === 'uuid' || typeName === 'json' || typeName === 'jsonb')) return undefined
  const other = form === 'partial' ? 'the last four characters' : 'a token'
  return `${typeName} cannot hold ${other}: the column will be masked as "redact"`
}

/** The forms that a type can have, the first of which every type can. */
export function formsForType(typeName: string, length?: number): readonly MaskForm[] {
  return MASK_FORMS.filter((form) => formFits(form, typeName, length) === undefined)
}

/** A label whose form its column cannot have. */
export interface Misfit {
  readonly label: string
  readonly form: MaskForm
  /** `public.people.born`. */
  readonly column: string
  /** As `typeNameOf` gives it. */
  readonly type: string
  /** A sentence for people. */
  readonly why: string
  readonly fits: readonly MaskForm[]
}

/** Every labelled column of a table whose type cannot hold the form of its label: it is masked as `redact`, which its owner may not expect. */
export const misfitForms = keptByBoth(findMisfits)

function findMisfits(policy: Policy, catalog: Catalog): readonly Misfit[] {
  if (policy.sensitive.every(({ mask }) => mask === 'redact' || mask === 'null')) return []
  const labels = compileLabels(policy, catalog)
  const found: Misfit[] = []
  for (const relation of catalog.relations()) {
    if (relation.system || !'rpf'.includes(relation.kind)) continue
    for (const column of relation.columns) {
      const label = labels.of(relation.oid, column.attnum)
      if (label === undefined) continue
      const type = typeNameOf(catalog, column.type)
      const why = formFits(label.mask, type)
      const name = `${relation.label}.${column.name}`
      if (why !== undefined)
        found.push({ label: label.label, form: label.mask, column: name, type, why: `${name}: ${why}`, fits: formsForType(type) })
    }
  }
  return found
}

/** Below domains, as `formFits` asks; `text[]` for an array. */
export function typeNameOf(catalog: Catalog, oid: number): string {
  let type = catalog.type(oid)
  for (let depth = 0; type?.kind === 'domain' && type.base !== undefined && depth < 32; depth++) type = catalog.type(type.base)
  if (type?.kind !== 'array') return type?.name ?? ''
  const element: Shape = shapeOf(type.element ?? 0, (one) => catalog.type(one))
  return `${element.name}[]`
}
