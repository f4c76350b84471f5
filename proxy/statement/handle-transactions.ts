import type { Node, TransactionStmt } from '@pgsql/types'
import type { Context } from './context.ts'
import type { Span, TransactionUse } from './facts.ts'
import type { Handlers, Rest } from './handling.ts'
import { constantOf, optionOf } from './tree.ts'

/** Statements of a transaction. */
export const TRANSACTION: Handlers = {
  TransactionStmt: (body, cx, span) => transaction(body, cx, span),
  ConstraintsSetStmt: (_body, cx, span) => {
    cx.run.facts.verb('transaction', 'SET CONSTRAINTS changes when this transaction checks', span.offset)
    return { kind: 'SET CONSTRAINTS', outputs: undefined }
  },
}

const TRANSACTIONS: Readonly<Record<string, { kind: string; op: TransactionUse['op'] }>> = {
  TRANS_STMT_BEGIN: { kind: 'BEGIN', op: 'begin' },
  TRANS_STMT_START: { kind: 'START TRANSACTION', op: 'begin' },
  TRANS_STMT_COMMIT: { kind: 'COMMIT', op: 'commit' },
  TRANS_STMT_ROLLBACK: { kind: 'ROLLBACK', op: 'rollback' },
  TRANS_STMT_SAVEPOINT: { kind: 'SAVEPOINT', op: 'savepoint' },
  TRANS_STMT_RELEASE: { kind: 'RELEASE', op: 'release' },
  TRANS_STMT_ROLLBACK_TO: { kind: 'ROLLBACK TO', op: 'rollback-to' },
}

function transaction(body: TransactionStmt, cx: Context, span: Span): Rest {
  const known = TRANSACTIONS[body.kind ?? '']
  if (known === undefined) {
    cx.run.facts.verb('admin', 'two-phase commit leaves a transaction behind that holds its locks', span.offset)
    return { kind: 'PREPARE TRANSACTION', outputs: undefined, transaction: { op: 'prepare', readOnly: undefined } }
  }
  cx.run.facts.verb('transaction', `${known.kind} belongs to a transaction`, span.offset)
  const readOnly = transactionModes(body.options, cx, span)
  return { kind: known.kind, outputs: undefined, transaction: { op: known.op, readOnly } }
}

/** READ WRITE lifts the lock that a gateway for readers puts on; the rest only isolates. */
export function transactionModes(options: readonly Node[] | undefined, cx: Context, span: Span): boolean | undefined {
  let readOnly: boolean | undefined
  for (const node of options ?? []) {
    const option = optionOf(node)
    if (option.defname === 'transaction_read_only') {
      readOnly = constantOf(option.arg) === '1' || constantOf(option.arg) === 'true'
      if (!readOnly) cx.run.facts.verb('write', 'READ WRITE opens the transaction for writing', span.offset)
    } else if (option.defname !== 'transaction_isolation' && option.defname !== 'transaction_deferrable') {
      cx.run.facts.unknown(`transaction mode ${option.defname ?? ''}`, false, span.offset)
    }
  }
  return readOnly
}
