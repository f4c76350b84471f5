import type { Node, VariableSetStmt } from '@pgsql/types'
import type { Context } from './context.ts'
import type { Span } from './facts.ts'
import { transactionModes } from './handle-transactions.ts'
import type { Handlers, Rest } from './handling.ts'
import { changesReading, judgeReset, judgeSetting } from './settings.ts'
import { as, constantOf, nameOf } from './tree.ts'

/** SET, RESET, SHOW, DISCARD. */
export const SETTINGS: Handlers = {
  VariableSetStmt: (body, cx, span) => setVariable(body, cx, span),
  VariableShowStmt: (body, cx, span) => {
    const name = body.name ?? ''
    if (name.includes('.')) cx.run.facts.verb('admin', `SHOW reads ${name}, a setting that the team may keep values in`, span.offset)
    else cx.run.facts.verb('session', `SHOW reads ${name}`, span.offset)
    const all = name === 'all'
    const columns = all ? ['name', 'setting', 'description'] : [name]
    return { kind: 'SHOW', outputs: columns.map((one) => ({ name: one, from: 'derived', sources: [] })) }
  },
  DiscardStmt: (body, cx, span) => {
    cx.run.facts.verb('session', 'DISCARD clears what the session keeps', span.offset)
    if (body.target === 'DISCARD_ALL') cx.run.facts.name({ kind: 'discard' })
    return { kind: 'DISCARD', outputs: undefined, changesCatalog: body.target === 'DISCARD_ALL' || body.target === 'DISCARD_TEMP' }
  },
}

function setVariable(body: VariableSetStmt, cx: Context, span: Span): Rest {
  const { facts, catalog } = cx.run
  const name = body.name ?? ''
  switch (body.kind) {
    case 'VAR_SET_MULTI': {
      if (name === 'TRANSACTION' || name === 'SESSION CHARACTERISTICS') {
        facts.verb(name === 'TRANSACTION' ? 'transaction' : 'session', `SET ${name} sets how transactions run`, span.offset)
        const readOnly = transactionModes(body.args, cx, span)
        return { kind: `SET ${name}`, outputs: undefined, transaction: { op: 'set', readOnly } }
      }
      facts.verb('admin', `SET ${name} shows another transaction's snapshot`, span.offset)
      return { kind: 'SET', outputs: undefined }
    }
    case 'VAR_RESET_ALL':
      facts.verb('session', 'RESET ALL restores the settings', span.offset)
      return { kind: 'RESET', outputs: undefined }
    case 'VAR_SET_CURRENT':
    case 'VAR_RESET':
    case 'VAR_SET_DEFAULT':
    case 'VAR_SET_VALUE': {
      const values = body.args?.map((arg) => constantOf(arg))
      const given = values === undefined || values.some((value) => value === undefined) ? undefined : (values as string[])
      const verdict =
        body.kind === 'VAR_SET_VALUE' ? judgeSetting(name, given ?? intervalOf(body.args, name), catalog.schemas) : judgeReset(name)
      const words = body.kind === 'VAR_RESET' ? 'RESET' : 'SET'
      if (verdict.harmless) facts.verb('session', `${words} changes ${name} for this session`, span.offset)
      else facts.verb('admin', `${words}: ${verdict.why}`, span.offset, body.kind === 'VAR_SET_VALUE' && changesReading(name, given))
      return { kind: words, outputs: undefined }
    }
    default:
      facts.unknown(`SET ${body.kind ?? ''}`, false, span.offset)
      return { kind: 'SET', outputs: undefined }
  }
}

/** SET TIME ZONE INTERVAL '…'. */
function intervalOf(args: readonly Node[] | undefined, name: string): readonly string[] | undefined {
  const cast = as(args?.[0], 'TypeCast')
  return name === 'timezone' && nameOf(cast?.typeName?.names?.at(-1)) === 'interval' ? ['interval'] : undefined
}
