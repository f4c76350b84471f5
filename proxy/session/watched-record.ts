import type { Companion, Judged, SessionRecord, StatementEnd } from '../ports.ts'

/** The session's record, of which a client inside this process hears. Everything is recorded first. */
export function watchedRecord(record: SessionRecord, companion: Companion): SessionRecord {
  companion.opened(record.id)
  return {
    id: record.id,
    statement: (judged: Judged, bind: Buffer | undefined) => {
      const number = record.statement(judged, bind)
      const reason = companion.reason()
      if (reason !== undefined) record.note(`statement ${number}, why: ${reason}`)
      companion.judged(number, judged)
      return number
    },
    asked: (statement, approval) => {
      record.asked(statement, approval)
      companion.asked(statement, approval)
    },
    answered: (statement, decision) => {
      record.answered(statement, decision)
      companion.answered(statement, decision)
    },
    sent: (statement) => record.sent(statement),
    response: (statement, frames, start, end) => record.response(statement, frames, start, end),
    finished: (statement: number, end: StatementEnd) => {
      record.finished(statement, end)
      companion.finished(statement, end)
    },
    note: (what) => record.note(what),
    untrusted: (statement, tables) => record.untrusted(statement, tables),
    closed: (reason) => record.closed(reason),
  }
}
