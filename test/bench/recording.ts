/**
 * What recording costs the thread that carries the sessions: everything a statement asks of the recorder, over the shape of pgbench's select. Real files,
 * no filler beside it. Each figure is the best of three medians: on a shared machine the others measure the neighbours.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { nodeJournalFiles } from '../../main/recordings/journal-files.ts'
import { GENESIS } from '../../main/recordings/journal-format.ts'
import { createRecorder } from '../../main/recordings/recorder.ts'
import type { Judged } from '../../proxy/ports.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import type { Verdict } from '../../proxy/verdict/decide.ts'
import { median } from './table.ts'

const STATEMENTS = 2000
const CELL = Buffer.from(
  'T\0\0\0\x21\0\x01abalance\0\0\0\0\0\0\x03\0\0\0\x17\0\x04\xff\xff\xff\xff\0\0D\0\0\0\x0b\0\x01\0\0\0\x010',
  'latin1',
)

const verdict: Verdict = {
  ...{ effect: 'allow', rule: undefined, policyVersion: '0'.repeat(16), because: [], statement: 0, hint: '', labels: [] },
}
const facts: StatementFacts = {
  ...{ kind: 'SELECT', span: { offset: 0, length: 0 }, verbs: ['read'], because: [], columns: [], functions: [], unknown: [], outputs: [] },
  ...{ relations: [], outputsFromName: false, names: [], withoutWhere: false, copy: undefined, transaction: undefined },
  ...{ explain: false, changesCatalog: false },
}

export interface RecordingCost {
  readonly what: string
  /** Microseconds of the thread for each statement. */
  readonly micros: number
}

/** `together`: statements in one turn of the event loop, and so in one write. */
export function measureRecording(rounds: number): RecordingCost[] {
  const known: Judged = { text: Buffer.from(select(1)), facts: [facts], verdict, moved: undefined }
  const fresh = (n: number): Judged => ({ text: Buffer.from(select(n)), facts: [facts], verdict, moved: [7, n % 3] })
  return [
    { what: 'the same text, 1 in a write', micros: measure(rounds, 1, () => known) },
    { what: 'the same text, 16 in a write', micros: measure(rounds, 16, () => known) },
    { what: 'each text new, 1 in a write', micros: measure(rounds, 1, fresh) },
    { what: 'each text new, 16 in a write', micros: measure(rounds, 16, fresh) },
  ]
}

function select(n: number): string {
  return `SELECT abalance FROM pgbench_accounts WHERE aid = ${n};`
}

function measure(rounds: number, together: number, judgedOf: (n: number) => Judged): number {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-bench-'))
  const recorder = createRecorder({
    ...{ directory, files: nodeJournalFiles, firstSegment: 1, head: GENESIS, resultBytesPerStatement: 1 << 20 },
    clock: { now: () => Date.now() },
    policyText: () => undefined,
    onIncident: (sentence) => {
      throw new Error(sentence)
    },
  })
  try {
    const session = recorder.opened({
      ...{ connection: 'bench', clientAddress: '127.0.0.1:1', applicationName: 'pgbench', tls: false, at: Date.now() },
      who: {
        ...{ issuer: 'https://login.bench', subject: 'bench', name: 'Bench', groups: [], kind: 'agent', client: undefined },
        expiresAt: Number.MAX_SAFE_INTEGER,
      },
    })
    const end = { rows: 1, bytes: CELL.length, ms: 0.2, sqlstate: undefined, tag: 'SELECT 1', masked: [] }
    let n = 0
    const round = (): number => {
      const begun = performance.now()
      for (let i = 0; i < STATEMENTS; i += together) {
        const numbers: number[] = []
        for (let k = 0; k < together; k++) {
          const number = session.statement(judgedOf(n++), undefined)
          session.sent(number)
          numbers.push(number)
        }
        recorder.commit()
        for (const number of numbers) {
          session.response(number, CELL, 0, CELL.length)
          session.finished(number, end)
        }
      }
      return ((performance.now() - begun) * 1000) / STATEMENTS
    }
    for (let i = 0; i < 5; i++) round()
    return Math.min(...[1, 2, 3].map(() => median(Array.from({ length: rounds }, round))))
  } finally {
    recorder.close()
    fs.rmSync(directory, { recursive: true, force: true })
  }
}
