/** Bind's parameters, for people to read and for an approval to bind to. */
import { createHash } from 'node:crypto'
import type { ApprovalParameter, Identity } from '../ports.ts'
import { readBindBody } from '../wire/client-messages.ts'

/** `pg_type.oid` of types whose binary form is plain. */
const BINARY: Record<number, (value: Buffer) => string> = {
  16: (value) => (value[0] === 0 ? 'false' : 'true'),
  20: (value) => value.readBigInt64BE(0).toString(),
  21: (value) => String(value.readInt16BE(0)),
  23: (value) => String(value.readInt32BE(0)),
  25: (value) => value.toString('utf8'),
  26: (value) => String(value.readUInt32BE(0)),
  700: (value) => String(value.readFloatBE(0)),
  701: (value) => String(value.readDoubleBE(0)),
  1042: (value) => value.toString('utf8'),
  1043: (value) => value.toString('utf8'),
  2950: (value) => value.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
}

/**
 * `bind` is the Bind body from the parameter formats on. `hide`: the statement compares with a sensitive column, so no value is told.
 * A binary value of a type that is not known here is hidden.
 */
export function describeParameters(bind: Buffer | undefined, types: readonly number[], hide: boolean): ApprovalParameter[] {
  if (bind === undefined) return []
  return readBindBody(bind, 0, bind.length).parameters.map(({ format, value }, i): ApprovalParameter => {
    const type = types[i] ?? 0
    if (value === null) return { text: null, hidden: false, value: null, type }
    const text = format === 0 ? value.toString('utf8') : readBinary(value, type)
    if (text === undefined) return { text: '', hidden: true, type }
    return { text: hide ? '' : text, hidden: hide, value: text, type }
  })
}

function readBinary(value: Buffer, type: number): string | undefined {
  try {
    return BINARY[type]?.(value)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** What "the same statement" means: connection, person, exact text, all else that decides what it does and who must say so (`texts`), exact parameters. SHA-256, hex. */
export function approvalKey(connection: string, who: Identity, texts: readonly Buffer[], bind: Buffer | undefined): string {
  const hash = createHash('sha256')
  const parts = [Buffer.from(connection), Buffer.from(who.issuer), Buffer.from(who.subject), ...texts, bind ?? Buffer.alloc(0)]
  const length = Buffer.alloc(4)
  for (const part of parts) {
    length.writeUInt32BE(part.length)
    hash.update(length).update(part)
  }
  return hash.digest('hex')
}
