import { GatewayError } from '../errors.ts'
import type { SessionRecord } from '../ports.ts'
import { type Approved, clearRunOnce, clearStatement } from '../verdict/clearance.ts'
import { readQuery } from '../wire/client-messages.ts'
import type { CopyIn } from './copy-in.ts'
import type { Flow } from './flow.ts'
import type { SchemaChanges } from './schema-changes.ts'
import type { SessionNames } from './session-names.ts'
import type { Unit } from './unit.ts'
import { beginUnit, hasCopyIn } from './units.ts'
import type { Verdicts } from './verdicts.ts'

export interface Parts {
  readonly flow: Flow
  readonly verdicts: Verdicts
  readonly names: SessionNames
  readonly record: SessionRecord
  readonly copyIn: CopyIn
  readonly schema: SchemaChanges
}

/** Query (protocol, "Simple Query"): one string, perhaps of several statements, under the strictest of their verdicts. */
export function onQuery(parts: Parts, buf: Buffer, start: number, end: number): Promise<void> | undefined {
  const span = readQuery(buf, start, end)
  return parts.flow.alone(() => judgeAndRun(parts, buf.subarray(span.start, span.end), buf, start, end))
}

function judgeAndRun(parts: Parts, text: Buffer, buf: Buffer, start: number, end: number): Promise<void> | undefined {
  return parts.verdicts.of(text, (judged) => {
    if (judged.verdict.effect === 'allow') {
      return run(parts, beginUnit(parts.record, judged, { simple: true }), buf, start, end)
    }
    return parts.verdicts.ask(judged, undefined, undefined).then(({ judged: again, approved, number }) => {
      const ceiling = approved.decision.maxRows
      const unit = beginUnit(parts.record, again, { simple: true, approved, number })
      return ceiling === undefined ? run(parts, unit, buf, start, end) : runWithCeiling(parts, unit, approved, ceiling)
    })
  })
}

function run(parts: Parts, unit: Unit, buf: Buffer, start: number, end: number): Promise<void> | undefined {
  const { flow, names, copyIn, schema } = parts
  schema.onSent(unit.judged)
  flow.expect(clearStatement(unit.judged, unit.approved, buf, start, end), {
    kind: 'query',
    show: 'all',
    unit,
    changes: names.changes(unit, flow.batch),
  })
  flow.endBatch()
  return hasCopyIn(unit) ? copyIn.await(unit) : undefined
}

/** Sent as one extended unit, so that the Sync which would commit it stays in our hand until its rows are counted. */
async function runWithCeiling(parts: Parts, unit: Unit, approved: Approved, ceiling: number): Promise<void> {
  const { flow, names } = parts
  if (unit.judged.facts.length !== 1) {
    throw new GatewayError({
      code: 'unsupported',
      sqlstate: '0A000',
      message: `a ceiling of ${ceiling} rows cannot be held over several statements at once`,
      hint: 'Send one statement at a time.',
    })
  }
  parts.schema.onSent(unit.judged)
  // It takes the place of the client's unnamed statement and portal, as a Query does: neither may be bound or executed after it.
  const [statement, portal] = [names.statements.change('', undefined, flow.batch), names.portals.change('', undefined, flow.batch)]
  flow.expect(clearRunOnce(unit.judged, approved), { kind: 'parse', show: 'none', unit, changes: [[statement]] })
  flow.owe({ kind: 'bind', show: 'none', unit, changes: [[portal]] })
  flow.owe({ kind: 'describe', show: 'description', unit })
  flow.owe({ kind: 'execute', show: 'all', unit, changes: names.changes(unit, flow.batch) })
  await untilCounted(parts, unit, () => flow.sync())
}

/** Waits for the row count, rolls back what went over the ceiling, then goes on with `end`. */
export async function untilCounted(parts: Parts, unit: Unit, end: () => void): Promise<void> {
  const { flow, copyIn } = parts
  flow.flushServer()
  await flow.until(() => unit.finished || unit.copyIn || unit.suspended)
  const counted = () => {
    // Before anything commits it. After an error of the server's own there is nothing to roll back.
    if (unit.over !== undefined && !flow.skipping) flow.abort(unit.over)
    end()
  }
  if (unit.copyIn) copyIn.begin(unit, counted)
  else counted()
}
