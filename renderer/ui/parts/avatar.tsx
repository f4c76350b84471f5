import { Robot } from '../icons.tsx'
import { initials } from '../words.ts'

export function Avatar({ name, kind, size = 24 }: { name: string; kind: 'person' | 'agent'; size?: number }) {
  return (
    <span className="avatar" aria-hidden="true" style={{ width: size, height: size, fontSize: size < 24 ? 9 : 10 }}>
      {kind === 'agent' ? <Robot size={Math.round(size * 0.6)} /> : initials(name)}
    </span>
  )
}
