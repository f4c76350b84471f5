import type { ButtonHTMLAttributes, ReactNode } from 'react'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `soft`: the main action while a warning stands. `solid`: the main action. `deny`: ends something. `ghost`: beside others. */
  readonly look?: 'plain' | 'soft' | 'solid' | 'deny' | 'deny-soft' | 'ghost'
  readonly small?: boolean
  readonly icon?: ReactNode
  /** The key that does the same, drawn as a cap. */
  readonly keyCap?: string
}

export function Button({ look = 'plain', small = false, icon, keyCap, children, className = '', ...rest }: Props) {
  const square = children === undefined ? ' square' : ''
  return (
    <button
      type="button"
      className={`button ${look}${small ? ' little' : ''}${square} ${className}`}
      {...(keyCap ? { 'aria-keyshortcuts': keyCap } : {})}
      {...rest}
    >
      {icon}
      {children}
      {keyCap ? (
        <span className="cap" aria-hidden="true">
          {keyCap === 'Enter' ? '⏎' : keyCap}
        </span>
      ) : null}
    </button>
  )
}
