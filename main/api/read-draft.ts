import { type Config, ConfigError } from '../config.ts'
import { configOfDraft, DraftError } from '../what-if/draft-config.ts'
import { ApiProblem } from './api-problem.ts'

/** The configuration with a draft's sections in place of its own. Throws 400, `draft`, with every fault. */
export function readDraft(draft: unknown, config: Config): Config {
  try {
    return configOfDraft(draft, config)
  } catch (cause) {
    if (cause instanceof DraftError) throw new ApiProblem(400, 'draft', cause.message)
    if (!(cause instanceof ConfigError)) throw cause
    const errors = cause.faults.map(({ path, message }) => ({ at: path, message }))
    throw new ApiProblem(400, 'draft', `${errors[0]?.at ?? 'draft'}: ${errors[0]?.message ?? 'it cannot be read.'}`, errors)
  }
}
