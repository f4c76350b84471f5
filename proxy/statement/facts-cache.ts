import type { Catalog } from '../catalog/catalog.ts'

/** Answers by exact text, for the catalog of now; the oldest half goes when it is full. */
export interface FactsCache<T> {
  get(catalog: Catalog, key: string): T | undefined
  set(catalog: Catalog, key: string, value: T): void
}

/** Counts the texts' bytes and, roughly, what their facts take. One catalog's answers per map: a new catalog starts with none. */
export function createFactsCache<T>(maxBytes: number, maxEntries: number): FactsCache<T> {
  const perCatalog = new WeakMap<Catalog, Generations<T>>()
  return {
    get(catalog, key) {
      const kept = perCatalog.get(catalog)
      if (kept === undefined) return undefined
      const value = kept.young.get(key)
      if (value !== undefined) return value
      const old = kept.old.get(key)
      if (old !== undefined) add(kept, key, old)
      return old
    },
    set(catalog, key, value) {
      let kept = perCatalog.get(catalog)
      if (kept === undefined) {
        kept = { young: new Map(), old: new Map(), bytes: 0 }
        perCatalog.set(catalog, kept)
      }
      add(kept, key, value)
    },
  }

  function add(kept: Generations<T>, key: string, value: T): void {
    const cost = key.length * FACTS_PER_BYTE + 512
    if (cost > maxBytes / 4) return
    if (kept.bytes + cost > maxBytes / 2 || kept.young.size >= maxEntries / 2) {
      kept.old = kept.young
      kept.young = new Map()
      kept.bytes = 0
    }
    kept.young.set(key, value)
    kept.bytes += cost
  }
}

interface Generations<T> {
  young: Map<string, T>
  old: Map<string, T>
  bytes: number
}

/** Facts are some times as long as the text that they are about. */
const FACTS_PER_BYTE = 8
