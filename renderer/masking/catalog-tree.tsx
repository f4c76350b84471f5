import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { CatalogTable } from '../../main/contract/index.ts'
import { Down, Forward, Warn } from '../ui/icons.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { countWords } from '../ui/words.ts'

interface Node {
  readonly key: string
  readonly schema: string
  /** Undefined: the schema itself. */
  readonly table: string | undefined
  readonly name: string
  readonly open: number
  readonly labelled: number
}

const ROW = 30
export const tableKey = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`

interface Props {
  readonly tables: readonly CatalogTable[]
  readonly search: string
  /** `schema.name`. */
  readonly chosen: string | undefined
  readonly choose: (table: string) => void
}

/** Schemas and their tables, with what is labelled and what looks as if it should be. One thing takes the focus; arrows move in it. */
export function CatalogTree({ tables, search, chosen, choose }: Props) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const nodes = nodesOf(tables, closed, search.trim().toLowerCase())
  const virtual = useVirtualizer({
    count: nodes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
    initialRect: { width: 220, height: 600 },
  })
  const at = Math.min(active, nodes.length - 1)
  const toggle = (schema: string) =>
    setClosed((before) => (before.has(schema) ? new Set([...before].filter((one) => one !== schema)) : new Set([...before, schema])))
  const open = (node: Node) => (node.table === undefined ? toggle(node.schema) : choose(node.key))
  const go = (to: number) => {
    const next = Math.max(0, Math.min(nodes.length - 1, to))
    setActive(next)
    virtual.scrollToIndex(next)
  }
  const press = (event: KeyboardEvent) => {
    const node = nodes[at]
    if (!node) return
    const isOpen = !closed.has(node.schema)
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(nodes.length - 1),
      ArrowRight: () => (node.table !== undefined || isOpen ? go(at + 1) : toggle(node.schema)),
      ArrowLeft: () => {
        if (node.table !== undefined) go(nodes.findIndex((one) => one.schema === node.schema))
        else if (isOpen) toggle(node.schema)
      },
      Enter: () => open(node),
      ' ': () => open(node),
    }
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  return (
    <div
      ref={scroller}
      className="tree"
      role="tree"
      aria-label="Tables"
      tabIndex={0}
      onKeyDown={press}
      {...(nodes[at] ? { 'aria-activedescendant': `tree-${at}` } : {})}
    >
      <div className="tree-inner" role="none" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const node = nodes[item.index]
          if (!node) return null
          const isSchema = node.table === undefined
          return (
            <div
              key={node.key}
              id={`tree-${item.index}`}
              role="treeitem"
              tabIndex={-1}
              aria-level={isSchema ? 1 : 2}
              aria-selected={node.key === chosen}
              {...(isSchema ? { 'aria-expanded': !closed.has(node.schema) } : {})}
              className={`tree-row${isSchema ? ' schema' : ''}${node.key === chosen ? ' chosen' : ''}${item.index === at ? ' active' : ''}`}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={() => {
                setActive(item.index)
                open(node)
              }}
              onKeyDown={press}
            >
              {isSchema ? closed.has(node.schema) ? <Forward /> : <Down /> : null}
              <span className="cut fill">{node.name}</span>
              {node.open > 0 ? (
                <span className="meta in-ask row">
                  <Warn size={13} />
                  {countWords(node.open)}
                  <span className="unseen"> unprotected</span>
                </span>
              ) : null}
              {node.labelled > 0 ? (
                <span className="meta in-mask row">
                  <VerdictMark outcome="masked" size={12} quiet />
                  {countWords(node.labelled)}
                  <span className="unseen"> labelled</span>
                </span>
              ) : null}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function nodesOf(tables: readonly CatalogTable[], closed: ReadonlySet<string>, search: string): Node[] {
  const nodes: Node[] = []
  const bySchema = Map.groupBy(
    tables.filter(
      (table) =>
        search === '' ||
        tableKey(table).toLowerCase().includes(search) ||
        table.columns.some(({ name }) => name.toLowerCase().includes(search)),
    ),
    ({ schema }) => schema,
  )
  for (const [schema, own] of bySchema) {
    const rows = own.map((table): Node => {
      const labelled = table.columns.filter(({ label }) => label !== null).length
      const open = table.columns.filter(({ label, suggestedLabel }) => label === null && suggestedLabel !== null).length
      return { key: tableKey(table), schema, table: table.name, name: table.name, open, labelled }
    })
    const sum = (what: 'open' | 'labelled') => rows.reduce((total, row) => total + row[what], 0)
    nodes.push({ key: `${schema}.`, schema, table: undefined, name: schema, open: sum('open'), labelled: sum('labelled') })
    if (!closed.has(schema) || search !== '') nodes.push(...rows)
  }
  return nodes
}
