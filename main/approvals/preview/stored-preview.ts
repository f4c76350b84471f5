import { z } from 'zod'
import { type Preview, previewSchema } from '../../contract/card.ts'

/** What is shown where nothing was found out. */
export const NO_PREVIEW: Preview = {
  state: 'none',
  note: null,
  at: null,
  plan: null,
  estimatedRows: null,
  exactRows: null,
  moreThanRows: null,
  countNote: null,
  overCeiling: false,
  rows: null,
  rowsNote: null,
  rehearsal: null,
  whyNoRehearsal: null,
}

export function parsePreview(json: string | null): Preview {
  return json === null ? NO_PREVIEW : z.parse(previewSchema, JSON.parse(json))
}
