import { reportNamed } from './command-relations.ts'
import { CALLS } from './handle-calls.ts'
import { COPY } from './handle-copy.ts'
import { NAMES } from './handle-names.ts'
import { ROWS } from './handle-rows.ts'
import { SETTINGS } from './handle-settings.ts'
import { TRANSACTION } from './handle-transactions.ts'
import { type Handlers, only } from './handling.ts'

/** Statements that are read by themselves; all others are in `commands.ts`. */
export const HANDLERS: Handlers = {
  ...ROWS,
  ...NAMES,
  ...COPY,
  ...TRANSACTION,
  ...SETTINGS,
  ...CALLS,
  NotifyStmt: (_body, cx, span) => only(cx, span, 'NOTIFY', 'write', 'NOTIFY sends a notification to other sessions'),
  ListenStmt: (_body, cx, span) => only(cx, span, 'LISTEN', 'admin', 'LISTEN receives what other sessions send'),
  UnlistenStmt: (_body, cx, span) => only(cx, span, 'UNLISTEN', 'session', 'UNLISTEN stops receiving'),
  VacuumStmt: (body, cx, span) => {
    const kind = body.is_vacuumcmd === true ? 'VACUUM' : 'ANALYZE'
    cx.run.facts.verb('admin', `${kind} is maintenance of the server`, span.offset)
    reportNamed(cx, body.rels, 'admin')
    return { kind, outputs: undefined }
  },
}
