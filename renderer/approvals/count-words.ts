import type { Approval } from '../../main/contract/index.ts'
import { countWords, nounWords } from '../ui/words.ts'

/** The rows that it would touch, and how that is known: `12 rows, counted exactly`. Never more certain than the host is. */
export function rowCountWords({ preview }: Pick<Approval, 'preview'>): { readonly rows: string; readonly how: string } {
  if (preview.state === 'pending') return { rows: 'Counting', how: '2 s at most; you may decide before it ends' }
  if (preview.exactRows !== null) return { rows: nounWords(preview.exactRows, 'row'), how: 'counted exactly' }
  if (preview.moreThanRows !== null)
    return { rows: `More than ${nounWords(preview.moreThanRows, 'row')}`, how: 'the count was not finished' }
  if (preview.estimatedRows !== null)
    return { rows: `About ${nounWords(Math.round(preview.estimatedRows), 'row')}`, how: 'as the plan expects' }
  return { rows: 'Not counted', how: '' }
}

/**
 * The rows that an approval without further words lets it touch: those that were counted, if that is under the rule's ceiling. Null: no ceiling.
 * Reads have none of their own: what is counted is not what could be harmed.
 */
export function ceilingOf({ preview, maxRows, facts }: Pick<Approval, 'preview' | 'maxRows' | 'facts'>): number | null {
  const counted = preview.exactRows
  if (!facts.verbs.includes('write') || counted === null || counted < 1) return maxRows
  return maxRows === null ? counted : Math.min(counted, maxRows)
}

/** What the session did before: `22 statements before this: 20 allowed, 1 held, 1 denied`. */
export function historyWords({ statements, allowed, held, denied }: Approval['history']): string {
  if (statements === 0) return 'The first statement of its session'
  const parts = [
    allowed > 0 ? `${countWords(allowed)} allowed` : '',
    held > 0 ? `${countWords(held)} held` : '',
    denied > 0 ? `${countWords(denied)} denied` : '',
  ].filter((part) => part !== '')
  const all = statements === 1 ? '1 statement' : `${countWords(statements)} statements`
  return `${all} before this${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`
}
