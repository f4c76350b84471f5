import type { Config } from './types.ts'

/** The configuration that holds now. Whoever needs a part of it asks at each use, and keeps nothing of it. */
export interface ConfigInForce {
  current(): Config
  /** Puts another one in force, whole: afterwards nobody is told of the old. Listeners are called in the order in which they came. */
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
      for (const listener of listeners) listener(next, before)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
