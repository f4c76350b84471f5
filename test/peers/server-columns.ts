/**
 * Which base columns a statement reads by PostgreSQL's own analysis: the rewritten tree that `debug_print_rewritten` shows. For tables it is
 * what the server asks permission for (`selectedCols`); below a view it is what its used columns and its conditions are made of.
 */
import { isNode, listOf, membersOf, type NodeText, type NodeValue, numberOf } from './node-text.ts'

/** FirstLowInvalidHeapAttributeNumber (access/sysattr.h): sets of columns are counted from here. */
const OFFSET = -7

interface Level {
  readonly query: NodeText
  readonly rtable: readonly NodeText[]
  readonly parent: Level | undefined
}

/** Each as `OID.attnum`; attnum 0 is the whole row. */
export function columnsOfTree(tree: NodeValue): ReadonlySet<string> {
  const columns = new Set<string>()
  const done = new Set<string>()
  for (const query of listOf(tree)) if (isNode(query)) readQuery(query, undefined, undefined, false)
  return columns

  /** `wanted`: the view's columns that somebody asks for; undefined: all are computed. */
  function readQuery(query: NodeText, parent: Level | undefined, wanted: ReadonlySet<number> | undefined, inView: boolean): void {
    const level: Level = { query, rtable: listOf(query.fields.get('rtable')).filter(isNode), parent }
    if (!inView) addPermissions(level)
    for (const [name, value] of query.fields) {
      if (name === 'rtable') continue
      if (name === 'targetList' && wanted !== undefined) {
        for (const entry of listOf(value)) {
          const kept =
            isNode(entry) && (wanted.has(numberOf(entry.fields.get('resno'))) || numberOf(entry.fields.get('ressortgroupref')) > 0)
          if (kept) walk(entry, level, inView)
        }
      } else walk(value, level, inView)
    }
    // The arms of UNION ALL compute a column only for those who ask; other set operations compare whole rows.
    const arms = isPlainUnion(query.fields.get('setOperations')) ? wanted : undefined
    for (const entry of level.rtable) readEntry(entry, level, inView, arms)
  }

  function readEntry(entry: NodeText, level: Level, inView: boolean, wanted: ReadonlySet<number> | undefined): void {
    const subquery = entry.fields.get('subquery')
    if (isView(entry)) {
      // Its conditions count even where none of its columns does.
      if (isNode(subquery)) readView(entry, subquery, level, new Set())
      return
    }
    for (const [name, value] of entry.fields) {
      if (['alias', 'eref', 'joinaliasvars'].includes(name)) continue
      if (name === 'subquery' && isNode(value)) readQuery(value, level, wanted, inView)
      else walk(value, level, inView)
    }
  }

  function readView(entry: NodeText, subquery: NodeText, level: Level, wanted: ReadonlySet<number>): void {
    const key = `${viewOf(entry)} ${[...wanted]}`
    if (done.has(key)) return
    done.add(key)
    readQuery(subquery, level, wanted, true)
  }

  function addPermissions(level: Level): void {
    for (const holder of [...level.rtable, ...listOf(level.query.fields.get('rteperminfos')).filter(isNode)]) {
      const relid = numberOf(holder.fields.get('relid'))
      if (relid === 0) continue
      for (const member of membersOf(holder.fields.get('selectedCols'))) {
        // `(c).id` asks permission for the whole row although only the column is read: a whole row that is read is in the tree.
        if (member + OFFSET !== 0) columns.add(`${relid}.${member + OFFSET}`)
      }
    }
  }

  function walk(value: NodeValue, level: Level, inView: boolean): void {
    if (Array.isArray(value)) {
      for (const one of value) walk(one, level, inView)
      return
    }
    if (!isNode(value)) return
    if (value.type === 'VAR') readVar(value, level, inView)
    else if (value.type === 'QUERY') readQuery(value, level, undefined, inView)
    else for (const one of value.fields.values()) walk(one, level, inView)
  }

  function readVar(variable: NodeText, from: Level, inView: boolean): void {
    let level: Level | undefined = from
    for (let up = numberOf(variable.fields.get('varlevelsup')); up > 0; up -= 1) level = level?.parent
    const entry = level?.rtable[numberOf(variable.fields.get('varno')) - 1]
    const attnum = numberOf(variable.fields.get('varattno'))
    if (level !== undefined && entry !== undefined) readColumn(entry, attnum, level, inView)
  }

  function readColumn(entry: NodeText, attnum: number, level: Level, inView: boolean): void {
    const kind = numberOf(entry.fields.get('rtekind'))
    const subquery = entry.fields.get('subquery')
    if (isView(entry) && isNode(subquery)) {
      const view = viewOf(entry)
      columns.add(`${view}.${attnum}`)
      const all = listOf(subquery.fields.get('targetList')).filter(isNode)
      const wanted = new Set(attnum === 0 ? all.map((one) => numberOf(one.fields.get('resno'))) : [attnum])
      readView(entry, subquery, level, wanted)
    } else if (kind === 0) columns.add(`${numberOf(entry.fields.get('relid'))}.${attnum}`)
    else if (kind === 2) {
      const aliases = listOf(entry.fields.get('joinaliasvars'))
      if (attnum === 0) for (const one of aliases) walk(one, level, inView)
      else walk(aliases[attnum - 1], level, inView)
    }
  }
}

function isPlainUnion(value: NodeValue): boolean {
  if (!isNode(value) || value.type !== 'SETOPERATIONSTMT') return isNode(value) && value.type === 'RANGETBLREF'
  return value.fields.get('all') === 'true' && isPlainUnion(value.fields.get('larg')) && isPlainUnion(value.fields.get('rarg'))
}

/** A view's entry becomes a subquery. It keeps the view's OID from 16 on; before, its subquery starts with the rule's OLD entry. */
function viewOf(entry: NodeText): number {
  const relid = numberOf(entry.fields.get('relid'))
  if (relid !== 0) return relid
  const subquery = entry.fields.get('subquery')
  const first = isNode(subquery) ? listOf(subquery.fields.get('rtable'))[0] : undefined
  const alias = isNode(first) ? first.fields.get('alias') : undefined
  const named = isNode(alias) ? alias.fields.get('aliasname') : undefined
  return isNode(first) && String(named).replaceAll('"', '') === 'old' ? numberOf(first.fields.get('relid')) : 0
}

function isView(entry: NodeText): boolean {
  return numberOf(entry.fields.get('rtekind')) === 1 && viewOf(entry) !== 0
}
