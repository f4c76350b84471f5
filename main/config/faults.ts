/** One thing that is wrong in a configuration file. Texts never contain a secret's value. */
export interface Fault {
  /** As given on the command line. */
  readonly file: string
  /** 1-based; 0 when the whole file is meant (it cannot be read). */
  readonly line: number
  readonly column: number
  /** `connections[0].limits.rows`; empty for the whole file. */
  readonly path: string
  /** What was wrong, in plain words. */
  readonly message: string
  /** What would be right. */
  readonly allowed: string | undefined
}

/** Thrown by `loadConfig` with every fault of the file, in the order of its lines. */
export class ConfigError extends Error {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    const sorted = [...faults].sort((a, b) => a.line - b.line || a.column - b.column)
    super(formatFaults(sorted))
    this.name = 'ConfigError'
    this.faults = Object.freeze(sorted)
  }
}

function formatFault(fault: Fault): string {
  const place = fault.line > 0 ? `${fault.file}:${fault.line}:${fault.column}` : fault.file
  const subject = fault.path === '' ? '' : `${fault.path}: `
  const allowed = fault.allowed === undefined ? '' : `\n    Allowed: ${fault.allowed}`
  return `${place}: ${subject}${fault.message}${allowed}`
}

/** The faults as lines for a terminal: `file:line:column: path: what was wrong`, and what is allowed below it. */
export function formatFaults(faults: readonly Fault[]): string {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  return `${faults.map(formatFault).join('\n')}\n${count} in the configuration.`
}
