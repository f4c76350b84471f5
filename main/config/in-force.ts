import type { Config } from './types.ts'

/** The configuration that holds now. Whoever needs a part of it asks at each use, and keeps nothing of it. */
export interface ConfigInForce {
  current(): Config
  /**
   * Puts another one in force, whole: afterwards nobody is told of the old. Listeners are called in the order in which they came, all of them even if
   * one fails; then its error is thrown.
   */
  replace(next: Config): void
  /** Called after each change, before `replace` returns. Returns what ends it. */
  onChange(listener: (next: Config, before: Config) => void): () => void
}

export function createConfigInForce(first: Config): ConfigInForce {
  let config = first
  const listeners = new Set<(next: Config, before: Config) => void>()
  return {
    current: () => config,
    replace(next) {
      const before = config
      config = next
      const failures: unknown[] = []
      for (const listener of listeners) {
        try {
          listener(next, before)
        } catch (cause) {
          failures.push(cause)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
