import type { Node } from '@pgsql/types'
import { createCollector } from './collect.ts'
import { reportDropped, reportNamed } from './command-relations.ts'
import { COMMANDS, objectVerb } from './commands.ts'
import type { Context } from './context.ts'
import { carriesOfDefinition } from './definition-carries.ts'
import type { Span } from './facts.ts'
import { HANDLERS } from './handlers.ts'
import type { Nested, Rest } from './handling.ts'
import { readDo } from './routines/do-block.ts'
import { as, tag } from './tree.ts'

/** One statement's own kind, by its handler or by the list of commands; what is neither is unknown. Its other facts go to the context's collector. */
export function readOne(node: Node, cx: Context, span: Span, nested: Nested): Rest {
  const rest = read(node, cx, span, nested)
  if (rest.changesCatalog === true || !changesSchema(cx)) return rest
  return { ...rest, changesCatalog: true }
}

/** A statement inside a body, with what can be named there. True: it may change what the catalog holds. */
export function readInner(node: Node, cx: Context): boolean {
  const span = { offset: 0, length: 0 }
  const rest = readOne(node, cx, span, (inner) => {
    const facts = createCollector()
    const rest = readOne(inner, { ...cx, run: { ...cx.run, facts } }, span, () => {
      throw new Error('a statement inside EXPLAIN, PREPARE or DECLARE holds none itself')
    })
    return facts.finish({ span, ...rest })
  })
  return rest.changesCatalog === true
}

function read(node: Node, cx: Context, span: Span, nested: Nested): Rest {
  const { facts } = cx.run
  const { kind, body } = tag(node)
  const block = as(node, 'DoStmt')
  if (block !== undefined) return readDo(block, cx, span, readInner)
  const handler = HANDLERS[kind] as ((body: unknown, cx: Context, span: Span, nested: Nested, node: Node) => Rest) | undefined
  if (handler !== undefined) return handler(body, cx, span, nested, node)
  const command = COMMANDS.get(kind)
  if (command === undefined) {
    facts.unknown(`statement ${kind}`, true, span.offset)
    return { kind, outputs: undefined, changesCatalog: true }
  }
  facts.verb(command.verb, `${command.kind} ${command.what}`, span.offset)
  const also = objectVerb(node)
  if (also !== undefined) facts.verb(also.verb, also.what, span.offset)
  reportNamed(cx, body, command.verb)
  carriesOfDefinition(node, cx, readInner)
  if (kind === 'DropStmt') reportDropped(cx, as(node, 'DropStmt')?.objects, command.verb)
  return { kind: command.kind, outputs: undefined, changesCatalog: true }
}

/** Code that runs inside the statement may change what the catalog holds: a function that an admin vouched for. */
function changesSchema(cx: Context): boolean {
  return cx.run.facts.because.some(({ verb }) => verb === 'ddl' || verb === 'privilege')
}
