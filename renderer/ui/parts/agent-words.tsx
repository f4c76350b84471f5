import { ForeignText } from './foreign-text.tsx'

/** The agent's own words: in quotation marks, behind a rule, and said to be its own. */
export function AgentWords({ children, from = 'the agent’s words, not checked' }: { children: string; from?: string }) {
  return (
    <p className="said">
      “<ForeignText>{children}</ForeignText>” <span className="third meta">{from}</span>
    </p>
  )
}
