import { GatewayError } from '../../../proxy/errors.ts'
import { untrustedTables } from '../../../proxy/verdict/untrusted.ts'
import { type CheckOutput, checkInputSchema, checkOutputSchema } from '../../contract/mcp.ts'
import { describeParts, describeRule } from '../describe-refusal.ts'
import { unknownConnection } from '../own-refusals.ts'
import { previewStatement } from '../preview.ts'
import { type ToolKit, toolResult } from './tool-kit.ts'

export function registerCheck({ server, context, callerOf }: ToolKit): void {
  server.registerTool(
    'check',
    {
      title: 'What would happen to a statement',
      description: `Says whether a statement would run, wait for a person, or be refused, by which rule, because of which part, and what to do instead. Nothing is run. Use it before a statement that you are not sure about.`,
      inputSchema: checkInputSchema.shape,
      outputSchema: checkOutputSchema.shape,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async ({ connection, sql }, extra) => {
      const caller = callerOf(extra)
      const { who } = caller
      if (context.upstreams.open(connection, who) === undefined) {
        const { message, hint } = unknownConnection(connection)
        return { content: [{ type: 'text', text: `${message}. ${hint ?? ''}` }], isError: true }
      }
      const preview = await previewStatement(context, connection, caller, sql)
      const output = preview instanceof GatewayError ? unreadable(preview) : describe(preview, sql)
      return toolResult(frame(output), output)
    },
  )
}

type Readable = Exclude<Awaited<ReturnType<typeof previewStatement>>, GatewayError>

function describe({ facts, verdict, policy, catalog }: Readable, sql: string): CheckOutput {
  const tables = new Map<string, 'read' | 'write'>()
  for (const { relation, access } of facts.flatMap((one) => one.relations)) {
    if (access === 'write' || !tables.has(relation)) tables.set(relation, access)
  }
  return {
    effect: verdict.effect,
    rule: verdict.rule === undefined ? null : describeRule(verdict.rule),
    approvers: verdict.effect === 'ask' ? [...(verdict.rule?.approvers ?? [])] : [],
    because: verdict.effect === 'allow' ? [] : describeParts(Buffer.from(sql), verdict.because),
    hint: verdict.hint,
    tables: [...tables].map(([name, access]) => ({ name, access })),
    labels: [...verdict.labels],
    untrusted: [...untrustedTables(facts, policy, catalog)],
    error: null,
  }
}

function unreadable({ fields }: GatewayError): CheckOutput {
  return {
    effect: 'deny',
    rule: null,
    approvers: [],
    because: [],
    hint: fields.hint ?? '',
    tables: [],
    labels: [],
    untrusted: [],
    error: { sqlstate: fields.sqlstate, message: fields.message, position: fields.position ?? null },
  }
}

const WORDS = { allow: 'It would run at once.', ask: 'It would wait for a person.', deny: 'It would be refused.' } as const

function frame({ effect, rule, because, hint, error }: CheckOutput): string {
  const lines = [error === null ? WORDS[effect] : `It cannot be read, so it would not run. ${error.sqlstate}: ${error.message}`]
  if (rule !== null) lines.push(`Rule "${rule.id}": ${rule.sentence}${rule.message === null ? '' : ` ${rule.message}`}`)
  for (const { what, text, position } of because) lines.push(position === 0 ? what : `${what} (character ${position}: ${text})`)
  if (hint !== '') lines.push(effect === 'allow' ? hint : `Instead: ${hint}`)
  return lines.join('\n')
}
