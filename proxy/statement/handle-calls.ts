import { reportFunction } from './calls.ts'
import { evaluate } from './expression.ts'
import type { Handlers } from './handling.ts'
import { matchesPath } from './paths.ts'
import { at, namesOf } from './tree.ts'

/** CALL: code that the statement only names. */
export const CALLS: Handlers = {
  CallStmt: (body, cx, span) => {
    const names = namesOf(body.funccall?.funcname)
    for (const arg of body.funccall?.args ?? []) evaluate(arg, cx)
    const { catalog, facts } = cx.run
    const found = matchesPath(catalog, catalog.functionsNamed(names.at(-1) ?? ''), names.at(-2), false, false).filter(
      (fn) => fn.kind === 'p',
    )
    if (found.length === 0) facts.unknown(`procedure "${names.join('.')}"`, true, span.offset)
    for (const fn of found) reportFunction(cx, fn, at(body.funccall?.location))
    const outs = found.flatMap((fn) => fn.outs)
    return { kind: 'CALL', outputs: outs.map((out) => ({ name: out.name, from: 'unknown', sources: [] })), changesCatalog: true }
  },
}
