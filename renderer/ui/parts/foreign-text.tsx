import { Fragment } from 'react'
import { findHidden } from '../sql/hidden-characters.ts'

/** Text that we did not write (an agent's, a database's): never bold, never a link, and what cannot be seen in it is drawn as `U+XXXX`. */
export function ForeignText({ children }: { children: string }) {
  const hidden = findHidden(children)
  if (hidden.length === 0) return <bdi>{children}</bdi>
  let at = 0
  return (
    <bdi>
      {hidden.map((character) => {
        const before = children.slice(at, character.start)
        at = character.end
        return (
          <Fragment key={character.start}>
            {before}
            <span className="chip">{character.code}</span>
          </Fragment>
        )
      })}
      {children.slice(at)}
    </bdi>
  )
}
