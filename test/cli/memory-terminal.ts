import type { Terminal } from '../../main/cli/command.ts'

export interface MemoryTerminal extends Terminal {
  readonly output: () => string
  readonly errors: () => string
  stop(): void
}

export function memoryTerminal(env: Readonly<Record<string, string>> = {}): MemoryTerminal {
  let output = ''
  let errors = ''
  const stopping = new AbortController()
  return {
    env,
    out: (text) => {
      output += text
    },
    err: (text) => {
      errors += text
    },
    stopped: () => stopping.signal,
    output: () => output,
    errors: () => errors,
    stop: () => stopping.abort(),
  }
}
