/** A masked value: plum on hatch, mono, wherever it stands. */
export function MaskedValue({ children, title }: { children: string; title?: string }) {
  return (
    <span className="masked" title={title}>
      <span className="unseen">masked </span>
      {children}
    </span>
  )
}
