import type { Atom, Taken } from './atoms.ts'
import type { Carried } from './carried.ts'
import type { Labels } from './labels.ts'
import type { Effect, Rule } from './policy.ts'

/** What an agent can do instead, or next. Empty for what is allowed. */
export function hintFor(effect: Effect, rule: Rule | undefined, atom: Atom, taken: Taken, labels: Labels): string {
  if (effect === 'allow') return ''
  const own = instead(rule, atom, taken, labels)
  if (effect === 'ask')
    return own === ''
      ? 'A person decides. Wait, or send the same statement again once it is approved.'
      : `A person decides. Without one: ${own}`
  return own
}

function instead(rule: Rule | undefined, atom: Atom, taken: Taken, labels: Labels): string {
  if (rule?.uses !== undefined || rule?.touches !== undefined || rule?.shows !== undefined) return withoutColumns(rule, taken, labels)
  if (rule?.without === 'where') return `Add a WHERE clause that names the rows, for example by primary key.`
  const { facts, unknown } = taken
  switch (atom.verb) {
    case 'read':
      return atom.relation === undefined
        ? 'Ask for a rule that allows reading, or connect where one does.'
        : `Leave ${atom.relation.relation} out, or ask for a rule that allows reading it.`
    case 'write':
      return facts.kind === 'SELECT'
        ? `Leave out the part that changes something: ${plainWords(facts.because.filter((one) => one.verb === 'write').map((one) => one.what))}.`
        : 'Read with SELECT instead, or hand the change to a person.'
    case 'ddl':
      return 'Write the change as a migration for a person to run, and go on without it.'
    case 'privilege':
      return 'Ask an administrator to change roles and privileges.'
    case 'session':
    case 'transaction':
      return `Leave ${facts.kind} out.`
    case 'admin':
      return adminHint(taken)
    case 'unknown':
      return unknownHint(unknown[0]?.what ?? '')
  }
}

/** For a statement that is allowed but for what it would carry away from its label. */
export function keepLabelHint(carried: readonly Carried[]): string {
  const names = [...new Set(carried.map(({ from }) => from))].slice(0, 4).join(', ')
  const labels = [...new Set(carried.map(({ label }) => label))].join(', ')
  const columns = [...new Set(carried.filter(({ target }) => target.kind !== 'place').map(({ to }) => to))].slice(0, 4).join(', ')
  const label = columns === '' ? '' : ` give ${columns} the label ${labels}, or`
  return `Leave ${names} out of what is stored. Or ask an administrator to${label} add a rule that asks a person about uses of ${labels}: then the label goes with the value.`
}

function withoutColumns(rule: Rule, taken: Taken, labels: Labels): string {
  const wanted = new Set([...(rule.uses ?? []), ...(rule.shows ?? []), ...(rule.touches ?? [])])
  const onlyUses = rule.uses !== undefined && rule.shows === undefined && rule.touches === undefined
  const found = taken.facts.columns.filter(
    (use) => (!onlyUses || use.how === 'uses') && labels.all(use.oid, use.attnum).some((label) => wanted.has(label.label)),
  )
  const columns = [...new Set(found.filter((use) => use.attnum !== 0).map((use) => use.column))]
  const rows = [...new Set(found.filter((use) => use.attnum === 0).map((use) => use.relation))]
  if (columns.length === 0 && rows.length > 0) return `Name the columns you need instead of the whole row of ${rows.join(', ')}.`
  const names = columns.slice(0, 4).join(', ')
  return onlyUses
    ? `Leave ${names} out of WHERE, JOIN, ORDER BY, GROUP BY and expressions; as a plain column in the select list it comes back masked. Choose rows by another column.`
    : `Leave ${names} out of the statement.`
}

function adminHint(taken: Taken): string {
  const because = taken.facts.because.find((one) => one.verb === 'admin')?.what ?? ''
  if (because.startsWith('SET') || because.startsWith('RESET')) return 'Leave the setting as it is; the statement works without it.'
  if (because.includes('()')) return 'Leave that function out; no rule of tables can judge what it does.'
  if (/ holds (sampled|what|credentials)/.test(because)) return 'Leave that column out and name the ones you need.'
  if (because.startsWith('COPY')) return 'Use COPY … TO STDOUT or a SELECT; the rows come to you.'
  return 'Ask an administrator to do this.'
}

function unknownHint(what: string): string {
  if (what.startsWith('relation') || what.startsWith('column')) {
    return 'Check the name, with its schema (information_schema.columns lists them), and send it again. A table made a moment ago needs its own statement first.'
  }
  if (what.startsWith('function') || what.startsWith('procedure') || what.startsWith('operator') || what.startsWith('cast')) {
    return "Use one of PostgreSQL's own functions instead, or ask an administrator to vouch for this one in Sallyport."
  }
  if (what.startsWith('a statement made at run time')) return 'Give EXECUTE a constant text, or send that statement by itself.'
  if (what.startsWith('DO block')) return 'Send the statements one by one instead of a DO block.'
  return 'Say it in plainer SQL.'
}

const plainWords = (words: readonly string[]): string => (words.length === 0 ? 'it locks or writes rows' : words.join('; '))
