/** The other thread: parses what is too long to be parsed in place. Its owner ends it when it takes too long or is out of order. */
import { parentPort } from 'node:worker_threads'
import { loadModule, parseSync } from 'libpg-query'
import { depthOf, foldConstants } from './fold.ts'
import { isSqlError } from './parse.ts'

/** Objects nested in the tree; an expression takes two to four a level. */
export const MAX_TREE_DEPTH = 3000

export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tree'; readonly id: number; readonly tree: string }
  | { readonly kind: 'syntax'; readonly id: number; readonly message: string; readonly cursor: number | undefined }
  | { readonly kind: 'deep'; readonly id: number }
  /** Out of order: the worker is not to be used again. */
  | { readonly kind: 'broken'; readonly id: number; readonly message: string }

const port = parentPort
if (port !== null) {
  port.on('message', ({ id, text }: { id: number; text: string }) => port.postMessage(answer(id, text)))
  await loadModule()
  parseSync('SELECT 1')
  port.postMessage({ kind: 'ready' } satisfies Answer)
}

function answer(id: number, text: string): Answer {
  try {
    const tree = parseSync(text)
    foldConstants(tree)
    if (depthOf(tree, MAX_TREE_DEPTH) > MAX_TREE_DEPTH) return { kind: 'deep', id }
    return { kind: 'tree', id, tree: JSON.stringify(tree) }
  } catch (error) {
    if (isSqlError(error)) return { kind: 'syntax', id, message: error.message, cursor: error.sqlDetails?.cursorPosition }
    return { kind: 'broken', id, message: error instanceof Error ? error.message : String(error) }
  }
}
