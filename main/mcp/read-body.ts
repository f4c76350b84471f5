const MOST_BYTES = 4 * 1024 * 1024

/** A request's JSON, read no further than its limit. A body of another type is left to the transport, which words that. */
export async function readBody(request: Request): Promise<{ readonly json: unknown } | 'too-large' | 'not-json' | undefined> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) return undefined
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) return 'too-large'
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.byteLength
    if (size > MOST_BYTES) return 'too-large'
    parts.push(part)
  }
  try {
    return { json: JSON.parse(Buffer.concat(parts).toString('utf8')) }
  } catch {
    return 'not-json'
  }
}
