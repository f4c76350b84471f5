import { GatewayError } from '../errors.ts'
import type { StatementFacts } from '../statement/facts.ts'
import { type Approved, clearControl, clearOwn, clearParse, clearStatement } from '../verdict/clearance.ts'
import { cannotPrepare, denied, forgottenToken } from '../verdict/refusal.ts'
import { type ParseMessage, readBindNames, readExecute, readParse, readResultFormats, readTarget } from '../wire/client-messages.ts'
import type { Judge } from './judge.ts'
import { bindFrame, type PutBack, parseFrame } from './put-back.ts'
import { proved, type Parts as SimpleParts, untilCounted } from './simple-query.ts'
import type { JudgedHere, Portal, Prepared, Unit } from './unit.ts'
import { beginUnit, hasCopyIn, returnsRows } from './units.ts'

export interface Parts extends SimpleParts {
  readonly judge: Judge
}

/** Parse: a statement that is denied, or that names unknown code, stops here, since analysis could already run it. */
export function onParse(parts: Parts, buf: Buffer, start: number, end: number): Promise<void> | undefined {
  const message = readParse(buf, start, end)
  const next = (judged: JudgedHere, facts: readonly StatementFacts[]): Promise<void> | undefined =>
    proved(
      parts,
      judged,
      (put) => {
        prepare(parts, message, judged, facts, put, buf, start, end)
        return undefined
      },
      message.types.length,
    )
  return parts.verdicts.of(buf.subarray(message.text.start, message.text.end), next, message.types, 'any')
}

function prepare(
  parts: Parts,
  message: ParseMessage,
  judged: JudgedHere,
  facts: readonly StatementFacts[],
  put: PutBack | undefined,
  buf: Buffer,
  start: number,
  end: number,
): void {
  const { flow, names, verdicts } = parts
  if (judged.verdict.effect === 'ask' && judged.facts.some((statement) => statement.unknown.some((unknown) => unknown.code))) {
    const refusal = cannotPrepare(judged)
    verdicts.refused(judged, refusal)
    throw refusal
  }
  const prepared: Prepared = {
    text: judged.text,
    within: undefined,
    facts,
    moved: judged.moved,
    catalog: judged.catalog,
    fields: undefined,
    described: undefined,
    describing: undefined,
    declared: message.types,
    parameterTypes: message.types,
    lifted: put?.lifted ?? NO_STRINGS,
    positions: put?.positions,
  }
  const frame = put === undefined ? undefined : parseFrame(buf, start, end, message.text.start, message.text.end, put.text)
  flow.expect(frame === undefined ? clearParse(judged, buf, start, end) : clearParse(judged, frame, 0, frame.length), {
    kind: 'parse',
    show: 'all',
    positions: put?.positions,
    changes: [[names.statements.change(message.name, prepared, flow.batch)]],
  })
}

/** Bind: judged again as of now, and asked about with its parameters, before it is planned. */
export function onBind(parts: Parts, buf: Buffer, start: number, end: number): Promise<void> | undefined {
  const { flow, names, verdicts, record } = parts
  const message = readBindNames(buf, start, end)
  const found = names.statements.lookup(message.statement, flow.batch)
  if (found === 'wait') return flow.earlierBatches().then(() => onBind(parts, buf, start, end))
  if (found === 'missing') throw missingStatement(message.statement)
  const prepared = found.value
  const formats = readResultFormats(buf, message.rest, end)
  const body = buf.subarray(message.rest, end)
  const bind = (unit: Unit): undefined => {
    const { judged, approved } = unit
    const { substitution } = judged
    const frame = substitution && bindFrame(buf, start, end, message.rest, substitution)
    const bound = substitution && Buffer.from(body)
    flow.expect(
      frame === undefined ? clearStatement(judged, approved, buf, start, end) : clearStatement(judged, approved, frame, 0, frame.length),
      {
        kind: 'bind',
        show: 'all',
        unit,
        changes: [[names.portals.change(message.portal, { prepared, unit, formats, hold: false, bound }, flow.batch)]],
      },
    )
  }
  const next = (judged: JudgedHere): Promise<void> | undefined => {
    demandTokens(parts, prepared, judged)
    if (judged.verdict.effect === 'allow') return bind(beginUnit(record, judged, { simple: false, bind: body }))
    return verdicts.ask(judged, Buffer.from(body), prepared).then(({ judged: again, approved, number }) => {
      demandTokens(parts, prepared, again)
      return bind(beginUnit(record, again, { simple: false, approved, number }))
    })
  }
  return verdicts.ofPrepared(prepared, next, body)
}

/** What was a token when it was prepared is a parameter of the server's statement, and must have its value. */
function demandTokens({ verdicts }: Parts, { lifted }: Prepared, judged: JudgedHere): void {
  if (lifted === undefined || lifted.length === (judged.substitution?.literals.length ?? 0)) return
  const refusal = forgottenToken()
  verdicts.refused(judged, refusal)
  throw refusal
}

const NO_STRINGS: readonly number[] = []

export function onDescribe(parts: Parts, buf: Buffer, start: number, end: number): Promise<void> | undefined {
  const { flow, names } = parts
  const target = readTarget(buf, start, end, 'Describe')
  const found =
    target.kind === 'statement' ? names.statements.lookup(target.name, flow.batch) : names.portals.lookup(target.name, flow.batch)
  if (found === 'wait') return flow.earlierBatches().then(() => onDescribe(parts, buf, start, end))
  const clearance = clearControl(buf, start, end)
  if (found === 'missing') {
    // The server answers as it would without us.
    flow.expect(clearance, { kind: 'describe', show: 'all' })
  } else if ('prepared' in found.value) {
    found.value.prepared.describing = flow.batch
    flow.expect(clearance, { kind: 'describe', show: 'all', portal: found.value })
  } else {
    found.value.describing = flow.batch
    flow.expect(clearance, { kind: 'describe', show: 'all', prepared: found.value })
  }
  return undefined
}

/** Execute: the policy or the catalog may have moved since Bind, and a verdict belongs to what runs now. */
export function onExecute(parts: Parts, buf: Buffer, start: number, end: number): Promise<void> | undefined {
  const { flow, names, verdicts, judge } = parts
  const { portal: name } = readExecute(buf, start, end)
  const found = names.portals.lookup(name, flow.batch)
  if (found === 'wait') return flow.earlierBatches().then(() => onExecute(parts, buf, start, end))
  if (found === 'missing') throw missingPortal(name)
  const portal = found.value
  const { judged } = portal.unit
  // A cursor's unit is that of its DECLARE, which may stand among other statements and has had its own approval.
  const declared = portal.prepared.within?.kind === 'declare'
  if (!declared && judge.stands(judged)) {
    if (portal.unit.finished) goOn(parts, portal, judged, portal.unit.approved)
    return execute(parts, name, portal, buf, start, end)
  }
  return verdicts.ofPrepared(
    portal.prepared,
    (again) => {
      if (again.verdict.effect === 'ask' && (declared || portal.unit.approved === undefined)) {
        const refusal = denied(again)
        verdicts.refused(again, refusal)
        throw refusal
      }
      const asBefore = !declared && !portal.unit.finished && again.policy === judged.policy && again.catalog === judged.catalog
      if (!asBefore) goOn(parts, portal, again, declared ? undefined : portal.unit.approved)
      return execute(parts, name, portal, buf, start, end)
    },
    portal.bound,
  )
}

/** The portal is executed again: that has a place of its own in the record. */
function goOn(parts: Parts, portal: Portal, judged: JudgedHere, approved: Approved | undefined): void {
  portal.unit = beginUnit(parts.record, judged, { simple: false, approved })
}

function execute(parts: Parts, name: string, portal: Portal, buf: Buffer, start: number, end: number): Promise<void> | undefined {
  const { flow, names, copyIn, schema } = parts
  const { prepared, unit } = portal
  schema.onSent(unit.judged)
  // What EXECUTE and FETCH give is not fixed by their Parse: the name may stand for something else by now.
  const moving = unit.judged.facts.some((facts) => facts.outputsFromName)
  if (returnsRows(unit) && (moving || (prepared.fields === undefined && prepared.describing !== flow.batch))) {
    prepared.describing = flow.batch
    flow.expect(clearOwn({ kind: 'describe', portal: name }), { kind: 'describe', show: 'none', portal })
  }
  flow.expect(clearStatement(unit.judged, unit.approved, buf, start, end), {
    kind: 'execute',
    show: 'all',
    unit,
    portal,
    changes: names.changes(unit, flow.batch),
  })
  if (unit.approved?.decision.maxRows !== undefined) return untilCounted(parts, unit, () => undefined)
  return hasCopyIn(unit) ? copyIn.await(unit) : undefined
}

export function onClose(parts: Parts, buf: Buffer, start: number, end: number): undefined {
  const { flow, names } = parts
  const target = readTarget(buf, start, end, 'Close')
  const closed = target.kind === 'statement' ? names.statements : names.portals
  flow.expect(clearControl(buf, start, end), {
    kind: 'close',
    show: 'all',
    changes: [[closed.change(target.name, undefined, flow.batch)]],
  })
}

export function onSync(parts: Parts, buf: Buffer, start: number, end: number): undefined {
  parts.flow.expect(clearControl(buf, start, end), { kind: 'sync', show: 'all' })
  parts.flow.endBatch()
}

function missingStatement(name: string): GatewayError {
  const shown = Buffer.from(name, 'latin1').toString('utf8')
  const message = name === '' ? 'unnamed prepared statement does not exist' : `prepared statement "${shown}" does not exist`
  return new GatewayError({ code: 'protocol', sqlstate: '26000', message })
}

function missingPortal(name: string): GatewayError {
  return new GatewayError({
    code: 'protocol',
    sqlstate: '34000',
    message: `portal "${Buffer.from(name, 'latin1').toString('utf8')}" does not exist`,
  })
}
