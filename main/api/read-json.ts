import { ApiProblem } from './api-problem.ts'

export const MAX_BODY_BYTES = 2 * 1024 * 1024

/** The body, read as it comes and no further than 2 MiB. Throws `ApiProblem` 400, 413 or 415. */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new ApiProblem(415, 'not-json', 'The body has to be JSON (content-type: application/json).')
  }
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge()
  const bytes = await readBytes(request)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ApiProblem(400, 'not-understood', 'The body is not JSON in UTF-8.')
  }
}

/** The fields of a form that another site's page or a provider posted, within the same limit. Throws `ApiProblem` 413. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams((await readBytes(request)).toString('utf8'))
}

async function readBytes(request: Request): Promise<Buffer> {
  const reader = request.body?.getReader()
  if (reader === undefined) return Buffer.alloc(0)
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return Buffer.concat(parts, length)
    length += value.length
    if (length > MAX_BODY_BYTES) {
      // Whoever still sends need not be waited for.
      reader.cancel().catch(() => undefined)
      throw tooLarge()
    }
    parts.push(value)
  }
}

const tooLarge = (): ApiProblem => new ApiProblem(413, 'too-large', 'The body is over 2 MiB.')
