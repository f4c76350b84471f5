import { GatewayError } from '../errors.ts'
import type { SessionRecord } from '../ports.ts'
import { clearRunOnce, clearStatement } from '../verdict/clearance.ts'
import { cannotPutBack } from '../verdict/refusal.ts'
import { readQuery } from '../wire/client-messages.ts'
import type { CopyIn } from './copy-in.ts'
import type { Flow } from './flow.ts'
import { type PutBack, putBack } from './put-back.ts'
import type { SchemaChanges } from './schema-changes.ts'
import type { SessionNames } from './session-names.ts'
import type { JudgedHere, Unit } from './unit.ts'
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
      return proved(parts, judged, (put) => begin(parts, beginUnit(parts.record, judged, { simple: true }), put, buf, start, end))
    }
    return parts.verdicts
      .ask(judged, undefined, undefined)
      .then(({ judged: again, approved, number }) =>
        proved(parts, again, (put) =>
          begin(parts, beginUnit(parts.record, again, { simple: true, approved, number }), put, buf, start, end),
        ),
      )
  })
}

/** Goes on with the text that is sent in place of one with tokens, once it is seen to mean the same; at once where there is none. */
export function proved(
  { verdicts }: Pick<Parts, 'verdicts'>,
  judged: JudgedHere,
  next: (put: PutBack | undefined) => Promise<void> | undefined,
  parameters = 0,
): Promise<void> | undefined {
  const { substitution } = judged
  if (substitution === undefined || substitution.literals.length === 0) return next(undefined)
  const put = putBack(judged.text, substitution, Math.max(parameters, judged.facts[0]?.parameters?.highest ?? 0))
  const same = verdicts.meansTheSame(put.text, judged)
  const go = (means: boolean): Promise<void> | undefined => {
    if (means) return next(put)
    const refusal = cannotPutBack()
    verdicts.refused(judged, refusal)
    throw refusal
  }
  return same instanceof Promise ? same.then(go) : go(same)
}

function begin(parts: Parts, unit: Unit, put: PutBack | undefined, buf: Buffer, start: number, end: number): Promise<void> | undefined {
  const ceiling = unit.approved?.decision.maxRows
  if (ceiling !== undefined || put !== undefined) return runOnce(parts, unit, put, ceiling)
  return run(parts, unit, buf, start, end)
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

/**
 * Sent as one extended unit: so that the Sync which would commit it stays in our hand until its rows are counted, or so that what its
 * tokens stand for goes as parameters.
 */
async function runOnce(parts: Parts, unit: Unit, put: PutBack | undefined, ceiling: number | undefined): Promise<void> {
  const { flow, names } = parts
  if (ceiling !== undefined && unit.judged.facts.length !== 1) {
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
  flow.expect(clearRunOnce(unit.judged, unit.approved, put), {
    kind: 'parse',
    show: 'none',
    unit,
    positions: put?.positions,
    changes: [[statement]],
  })
  const positions = put?.positions
  flow.owe({ kind: 'bind', show: 'none', unit, positions, changes: [[portal]] })
  flow.owe({ kind: 'describe', show: 'description', unit })
  flow.owe({ kind: 'execute', show: 'all', unit, positions, changes: names.changes(unit, flow.batch) })
  if (ceiling === undefined) flow.sync()
  else await untilCounted(parts, unit, () => flow.sync())
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
