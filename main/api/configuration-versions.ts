import type { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import { describeSchema } from '../config/describe-schema.ts'
import { compareTexts, compareValues } from '../config/difference.ts'
import { parseYaml } from '../config/document.ts'
import { versionDetailSchema } from '../contract/configuration.ts'
import { personSchema } from '../contract/people.ts'
import type { ConfigurationRow } from '../store/configuration-table.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { answerChange, orderOf, presentCheck } from './change-configuration.ts'
import { serveCall } from './serve-call.ts'

const PAGE = 50

/** The configuration whole, its versions, and what a text would do before it is put in force. */
export function serveConfigurationVersions(app: OpenAPIHono, context: ApiContext): void {
  const { configuration } = context

  serveCall(app, context, 'readConfiguration', () => ({
    ...present(context, configuration.current()),
    yaml: configuration.current().text,
    json: configuration.values(),
    fromNextStart: [...configuration.fromNextStart()],
    file: context.config.current().file,
  }))

  serveCall(app, context, 'changeConfiguration', ({ body, caller, note }) =>
    answerChange(context, note, () => configuration.change(body.yaml, orderOf(context, caller, body))),
  )

  serveCall(app, context, 'checkConfiguration', async ({ body, caller }) =>
    presentCheck(context, await configuration.check(body.yaml), caller),
  )

  serveCall(app, context, 'listVersions', ({ query }) => {
    const limit = query.limit ?? PAGE
    const rows = configuration.list(query.before ?? Number.MAX_SAFE_INTEGER, limit + 1)
    const items = rows.slice(0, limit)
    return {
      items: items.map((row) => present(context, row)),
      next: rows.length > limit ? (items.at(-1)?.version ?? null) : null,
    }
  })

  serveCall(app, context, 'readVersion', ({ params }) => {
    const row = rowOf(context, params.version)
    const before = configuration.read(row.version - 1)?.text ?? ''
    const difference = { ...compareTexts(before, row.text), changes: compareValues(parseYaml(before).value, parseYaml(row.text).value) }
    // What goes out is copied: lists of the host's own are frozen.
    return versionDetailSchema.parse({ ...present(context, row), yaml: row.text, difference })
  })

  serveCall(app, context, 'restoreVersion', ({ params, body, caller, note }) =>
    answerChange(context, note, () => configuration.restore(params.version, orderOf(context, caller, body))),
  )

  serveCall(app, context, 'configurationSchema', () => describeSchema())
}

function rowOf({ configuration }: ApiContext, version: number): ConfigurationRow {
  const row = configuration.read(version)
  if (row === undefined) throw new ApiProblem(404, 'not-found', `There is no version ${version} of the configuration.`)
  return row
}

type Version = Omit<z.input<typeof versionDetailSchema>, 'yaml' | 'difference'>

function present({ configuration }: ApiContext, row: ConfigurationRow): Version {
  const { added, removed } = compareTexts(configuration.read(row.version - 1)?.text ?? '', row.text)
  return {
    version: row.version,
    at: row.at,
    source: row.source,
    author: row.author === null ? null : personSchema.parse(JSON.parse(row.author)),
    comment: row.comment,
    restored: row.restored,
    inForce: row.version === configuration.current().version,
    added,
    removed,
  }
}
