import { Bone } from '../../ui/parts/screen-state.tsx'
import { SqlBlock } from '../../ui/sql/sql-block.tsx'
import type { Scene } from './scenes.ts'

const NONE: readonly [] = []

/** A statement whose details are being read: its beginning, in the shape of what follows. */
export function SceneStandIn({ scene }: { readonly scene: Scene }) {
  return (
    <div className="statement-view" aria-busy="true">
      <div className="statement-main">
        <Bone width="60%" height={20} />
        <SqlBlock sql={scene.text} marks={NONE} />
        <Bone width="40%" />
        <Bone height={120} />
      </div>
    </div>
  )
}
