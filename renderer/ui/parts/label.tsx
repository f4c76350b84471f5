import { MaskGlyph } from '../icons.tsx'

/** A sensitive label: dashed plum outline with the mask glyph. */
export function Label({ children }: { children: string }) {
  return (
    <span className="label">
      <MaskGlyph size={11} />
      {children}
    </span>
  )
}
