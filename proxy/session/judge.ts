import type { Catalog } from '../catalog/catalog.ts'
import type { Clock, Identity, Policies, UntrustedRead } from '../ports.ts'
import type { Moved } from '../statement/alike.ts'
import type { Analysis, Analyst, Recognised } from '../statement/analyst.ts'
import type { StatementFacts } from '../statement/facts.ts'
import { decide, type Verdict } from '../verdict/decide.ts'
import type { Policy } from '../verdict/policy.ts'
import type { FoundTokens } from './find-tokens.ts'
import { withTokenHint } from './token-hint.ts'
import type { JudgedHere } from './unit.ts'

export interface JudgeOptions {
  readonly analyst: Analyst
  readonly catalog: () => Catalog
  readonly policies: Policies
  readonly connection: string
  readonly who: Identity
  readonly clock: Clock
  /** Tables with outsiders' text that were read so far; it grows. */
  readonly reads: readonly UntrustedRead[]
}

/** The one path to a verdict, for one session. */
export class Judge {
  private readonly analyst: Analyst
  private readonly currentCatalog: () => Catalog
  private readonly policies: Policies
  private readonly connection: string
  private readonly who: Identity
  private readonly clock: Clock
  private readonly reads: readonly UntrustedRead[]
  private readonly keptTokens = new WeakMap<readonly StatementFacts[], { readonly signature: string; readonly judged: JudgedHere }>()
  private readonly kept = new WeakMap<readonly StatementFacts[], JudgedHere>()

  constructor(options: JudgeOptions) {
    this.analyst = options.analyst
    this.currentCatalog = options.catalog
    this.policies = options.policies
    this.connection = options.connection
    this.who = options.who
    this.clock = options.clock
    this.reads = options.reads
  }

  /** Outsiders' text was read: rules can ask about what comes after. Never taken back. */
  get untrusted(): boolean {
    return this.reads.length > 0
  }

  /** What the session's own open transaction sees, once it has changed the schema and has been looked into; until what all others see has changed. */
  local: Catalog | undefined

  /** Throws `catalog-unavailable` when there is none: nothing is guessed. */
  get catalog(): Catalog {
    const current = this.currentCatalog()
    return this.local?.before === current ? this.local : current
  }

  get policy(): Policy {
    return this.policies.current(this.connection)
  }

  analyse(text: Buffer): Analysis | Promise<Analysis> {
    return this.analyst.analyse(text, this.catalog)
  }

  recognise(text: Buffer): Recognised | Promise<Recognised> {
    return this.analyst.recognise(text, this.catalog)
  }

  /** The verdict on these facts under the policy and catalog of now: the same for all texts that share them. `text` is copied when it is kept. */
  judge(text: Buffer, facts: readonly StatementFacts[], moved: Moved | undefined, tokens?: FoundTokens): JudgedHere {
    const { policy, catalog } = this
    if (tokens !== undefined) return this.judgeTokens(text, facts, moved, tokens)
    const kept = this.kept.get(facts)
    const stands = kept !== undefined && this.stands(kept)
    if (stands && kept.text.equals(text)) return kept
    const verdict = stands ? kept.verdict : this.decide(facts)
    const judged: JudgedHere = { text: Buffer.from(text), facts, verdict, moved, policy, catalog, untrusted: this.untrusted }
    this.kept.set(facts, judged)
    return judged
  }

  /** The same text means another thing with other tokens, and another person's tokens are nobody else's: nothing of this is shared but the verdict. */
  private judgeTokens(text: Buffer, facts: readonly StatementFacts[], moved: Moved | undefined, tokens: FoundTokens): JudgedHere {
    const { policy, catalog } = this
    const kept = this.keptTokens.get(facts)
    const { signature, substitution } = tokens
    const same = kept !== undefined && kept.signature === signature && this.stands(kept.judged)
    const verdict = same ? kept.judged.verdict : withTokenHint(this.decide(facts, tokens.told), tokens.strange)
    const judged: JudgedHere = { text: Buffer.from(text), facts, verdict, moved, policy, catalog, untrusted: this.untrusted, substitution }
    if (!same) this.keptTokens.set(facts, { signature, judged: { ...judged, substitution: undefined } })
    return judged
  }

  /** What was judged before would be judged the same now. */
  stands({ policy, catalog, untrusted }: JudgedHere): boolean {
    return policy === this.policy && catalog === this.catalog && !hasHours(policy) && (untrusted === this.untrusted || !asksAfter(policy))
  }

  private decide(facts: readonly StatementFacts[], told?: FoundTokens['told']): Verdict {
    return decide(facts, this.policy, this.catalog, this.who, new Date(this.clock.now()), told, this)
  }

  /** A statement that could not be read, as something to record. */
  unreadable(text: Buffer, why: string): JudgedHere {
    const { policy, catalog } = this
    const verdict: Verdict = {
      effect: 'deny',
      rule: undefined,
      policyVersion: policy.version,
      because: [{ what: why, offset: 0, length: 0 }],
      statement: 0,
      hint: '',
      labels: [],
    }
    return { text: Buffer.from(text), facts: [], verdict, moved: undefined, policy, catalog }
  }
}

const withAfter = new WeakMap<Policy, boolean>()

/** A rule that holds after outsiders' text was read makes a verdict of what the session did. */
function asksAfter(policy: Policy): boolean {
  let has = withAfter.get(policy)
  if (has === undefined) {
    has = policy.policies.some((group) => group.rules.some((rule) => rule.afterUntrusted === true))
    withAfter.set(policy, has)
  }
  return has
}

const withHours = new WeakMap<Policy, boolean>()

/** A rule that holds at certain hours makes a verdict of its moment. */
function hasHours(policy: Policy): boolean {
  let has = withHours.get(policy)
  if (has === undefined) {
    has = policy.policies.some((group) => group.rules.some((rule) => rule.hours !== undefined))
    withHours.set(policy, has)
  }
  return has
}
