import { type Document, isMap, type Node, type YAMLMap, YAMLSeq } from 'yaml'
import { editSection } from './edit-section.ts'
import type { RuleSource, TestSource } from './read-draft.ts'

/** Each takes the draft's text and gives the next one. Places count from 0. */

/** Moves a rule within its policy. */
export function moveRule(text: string, policy: number, from: number, to: number): string {
  return editRules(text, policy, (rules) => {
    const [moved] = rules.items.splice(from, 1)
    if (moved !== undefined) rules.items.splice(to, 0, moved)
  })
}

/** `place`: before which rule; the number of rules puts it last. */
export function addRule(text: string, policy: number, place: number, rule: RuleSource): string {
  return editRules(text, policy, (rules, document) => {
    rules.items.splice(place, 0, create(document, rule))
  })
}

/** Keys that stay the same keep their comments; `undefined` takes a key out. */
export function changeRule(text: string, policy: number, place: number, rule: RuleSource): string {
  return editRules(text, policy, (rules, document) => {
    const node = rules.items[place]
    if (isMap(node)) merge(document, node, rule)
    else rules.items[place] = create(document, rule)
  })
}

export function removeRule(text: string, policy: number, place: number): string {
  return editRules(text, policy, (rules) => {
    rules.items.splice(place, 1)
  })
}

export interface PolicyHead {
  readonly name: string
  readonly groups: readonly string[]
  readonly connections: readonly string[]
}

/** As the last one. A policy has at least one rule. */
export function addPolicy(text: string, head: PolicyHead, rule: RuleSource): string {
  return editSection(text, 'policies', (policies, document) => {
    policies.flow = false
    const made = document.createNode({ ...head }) as YAMLMap
    for (const { value } of made.items) if (value instanceof YAMLSeq) value.flow = true
    const rules = new YAMLSeq()
    rules.items.push(create(document, rule))
    made.set('rules', rules)
    policies.items.push(made)
  })
}

export function changePolicy(text: string, policy: number, head: PolicyHead): string {
  return editSection(text, 'policies', (policies, document) => {
    const node = policies.items[policy]
    if (isMap(node)) merge(document, node, { ...(node.toJS(document) as object), ...head })
  })
}

export function removePolicy(text: string, policy: number): string {
  return editSection(text, 'policies', (policies) => {
    policies.items.splice(policy, 1)
  })
}

export function addTest(text: string, test: TestSource): string {
  return editSection(text, 'tests', (tests, document) => {
    tests.flow = false
    tests.items.push(create(document, test))
  })
}

export function removeTest(text: string, place: number): string {
  return editSection(text, 'tests', (tests) => {
    tests.items.splice(place, 1)
  })
}

function editRules(text: string, policy: number, edit: (rules: YAMLSeq, document: Document) => void): string {
  return editSection(text, 'policies', (policies, document) => {
    const rules = policies.getIn([policy, 'rules'])
    if (rules instanceof YAMLSeq) edit(rules, document)
  })
}

/** On one line, as rules are written. */
function create(document: Document, value: object): Node {
  const node = document.createNode(value, { flow: true }) as Node
  if (isMap(node)) for (const pair of node.items) if (pair.value instanceof YAMLSeq) pair.value.flow = true
  return node
}

function merge(document: Document, node: YAMLMap, value: object): void {
  const wanted = new Map(Object.entries(value).filter(([, item]) => item !== undefined))
  const before = node.toJS(document) as Record<string, unknown>
  for (const key of Object.keys(before)) if (!wanted.has(key)) node.delete(key)
  for (const [key, item] of wanted) {
    if (JSON.stringify(before[key]) === JSON.stringify(item)) continue
    const made = document.createNode(item, { flow: true })
    const old: unknown = node.get(key, true)
    if (old !== null && typeof old === 'object' && 'comment' in old) made.comment = (old as Node).comment ?? null
    node.set(key, made)
  }
}
