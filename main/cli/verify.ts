import { readFileSync } from 'node:fs'
import type { RecordingFault, Verification } from '../recordings/verify-recordings.ts'
import { type Command, type OptionValues, type Terminal, textOption, UsageError } from './command.ts'

export const verify: Command = {
  summary: 'proves that recordings are as they were written',
  usage: '(--data DIR [--session ID] | --bundle FILE) [--public-key FILE]',
  help: `Computes the hash chain of every session (or of one) again, compares it with the journal, and checks the signatures over their heads. --bundle does
the same for an exported session, with nothing else at hand. Reads only; a host may be running.
Without --public-key the keys that the record itself names are trusted, which shows every change by someone without the host's key. With it, only
signatures of that key count: take it from GET /api/evidence, and keep it elsewhere.
Exit code 0 when all fits, 1 with the first event that does not.`,
  options: {
    data: { type: 'string' },
    session: { type: 'string' },
    bundle: { type: 'string' },
    'public-key': { type: 'string' },
  },
  positionals: { min: 0, max: 0 },
  required: [],
  async run(values, _positionals, terminal) {
    const { readPublicKey } = await import('../recordings/signing-key.ts')
    const pinned = values['public-key'] === undefined ? undefined : readPublicKey(readFileSync(textOption(values, 'public-key'), 'utf8'))
    if (values['public-key'] !== undefined && pinned === undefined) {
      throw new UsageError('--public-key has to name a file with an Ed25519 public key in PEM')
    }
    if (values['bundle'] !== undefined) {
      if (values['data'] !== undefined || values['session'] !== undefined)
        throw new UsageError('--bundle goes without --data and --session')
      const { verifyBundle } = await import('../recordings/verify-bundle.ts')
      return reportBundle(verifyBundle(readFileSync(textOption(values, 'bundle'), 'utf8').split('\n'), pinned), terminal)
    }
    if (values['data'] === undefined) throw new UsageError('--data or --bundle is missing')
    const { verifyRecordings } = await import('../recordings/verify-recordings.ts')
    return report(verifyRecordings(textOption(values, 'data'), { session: sessionOf(values), publicKey: pinned }), terminal)
  },
}

function sessionOf(values: OptionValues): string | undefined {
  return values['session'] === undefined ? undefined : textOption(values, 'session')
}

function report(result: Verification, terminal: Terminal): number {
  const { faults, sessions, events, removed, behindBytes, signed, keys } = result
  for (const fault of faults) terminal.err(`${fault.text}\n`)
  if (faults.length > 0) return 1
  const behind = behindBytes > 0 ? ` ${behindBytes} bytes of the journal are not in the database yet; their chain was checked too.` : ''
  const gone = removed > 0 ? ` ${count(removed, 'session')} removed by retention, each with its signed stub.` : ''
  const when = signed === undefined ? '' : ` Signed up to ${new Date(signed.at).toISOString()} (head ${signed.number}), ${keyWords(keys)}.`
  terminal.out(`All fits: ${count(sessions, 'session')}, ${count(events, 'event')}.${behind}${gone}${when}\n`)
  return 0
}

interface BundleResult {
  readonly session: string
  readonly events: number
  readonly signedEvents: number
  readonly keys: readonly string[]
  readonly fault: Pick<RecordingFault, 'text'> | undefined
}

function reportBundle({ session, events, signedEvents, keys, fault }: BundleResult, terminal: Terminal): number {
  if (fault !== undefined) {
    terminal.err(`${fault.text}\n`)
    return 1
  }
  const unsigned = signedEvents < events ? ` The signature covers the first ${signedEvents}: the session was running.` : ''
  terminal.out(`All fits: session ${session}, ${count(events, 'event')}.${unsigned} Signed, ${keyWords(keys)}.\n`)
  return 0
}

const count = (n: number, what: string): string => `${n} ${n === 1 ? what : `${what}s`}`
const keyWords = (keys: readonly string[]): string => `${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}`
