import { MaskedValue } from '../ui/parts/masked-value.tsx'
import type { MaskForm } from './draft.ts'

/** The forms as what an agent sees. */
export const forms: Record<MaskForm, { readonly word: string; readonly sample: string | null; readonly what: string }> = {
  redact: { word: 'Redact', sample: '*redacted*', what: 'Nothing of the value is left.' },
  partial: { word: 'Last four', sample: '****4471', what: 'The last four characters stay.' },
  null: { word: 'Null', sample: null, what: 'As if nothing were stored.' },
  token: { word: 'Token', sample: 'tok_k7p2…', what: 'Same value, same token; joins still work.' },
}

export const allForms = Object.keys(forms) as MaskForm[]

export function Sample({ mask }: { mask: MaskForm }) {
  const { sample } = forms[mask]
  return sample === null ? <span className="null mono">null</span> : <MaskedValue>{sample}</MaskedValue>
}

export function Form({ mask }: { mask: MaskForm }) {
  const { word, what } = forms[mask]
  return (
    <span className="form">
      <span className="medium">{word}</span>
      <Sample mask={mask} />
      <span className="meta third">{what}</span>
    </span>
  )
}
