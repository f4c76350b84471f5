import type { ProviderConfig } from '../config.ts'

export const MCP_PATH = '/mcp'
const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** RFC 9728, section 3.1: the well-known part goes between the host and the path of the resource. The root's is for clients that look there first. */
export const METADATA_PATHS = [`${WELL_KNOWN}${MCP_PATH}`, WELL_KNOWN] as const

/** RFC 9728, section 2: who gives tokens for this resource. `resource` is what the address was made from (section 3.3). */
export function resourceMetadata(origin: string, path: string, providers: readonly ProviderConfig[]): Record<string, unknown> {
  return {
    resource: path === WELL_KNOWN ? origin : `${origin}${MCP_PATH}`,
    authorization_servers: providers.map((provider) => provider.issuer),
    scopes_supported: [...new Set(providers.flatMap((provider) => provider.scopes))],
    bearer_methods_supported: ['header'],
    resource_name: 'Sallyport',
  }
}

/** RFC 6750, section 3, with where to find the metadata (RFC 9728, section 5.1). */
export function challenge(origin: string, problem?: string): string {
  const metadata = `resource_metadata="${origin}${METADATA_PATHS[0]}"`
  if (problem === undefined) return `Bearer realm="sallyport", ${metadata}`
  return `Bearer realm="sallyport", error="invalid_token", error_description="${quotable(problem)}", ${metadata}`
}

/** What may stand in a quoted string of these (RFC 6750, section 3). */
function quotable(text: string): string {
  return text
    .replaceAll(/[’‘]/g, "'")
    .replaceAll('"', "'")
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .replaceAll('\\', '/')
}
