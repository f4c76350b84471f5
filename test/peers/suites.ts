import type { PeerSuite } from './suite.ts'

/** In the order in which they run and stand in docs/conformance.md. A suite's modules are loaded only when it runs. */
export const SUITES: readonly { readonly name: string; readonly load: () => Promise<PeerSuite> }[] = [
  { name: 'facts', load: async () => (await import('./facts.ts')).suite },
  { name: 'oracle', load: async () => (await import('./oracle.ts')).suite },
  { name: 'writes', load: async () => (await import('./writes.ts')).suite },
  { name: 'clients', load: async () => (await import('./clients.ts')).suite },
  { name: 'node-postgres', load: async () => (await import('./node-postgres.ts')).suite },
  { name: 'regression', load: async () => (await import('./regression.ts')).suite },
  { name: 'search', load: async () => (await import('./search.ts')).suite },
  { name: 'kill', load: async () => (await import('./kill.ts')).suite },
  { name: 'fuzz', load: async () => (await import('./fuzz.ts')).suite },
  { name: 'patterns', load: async () => (await import('./patterns.ts')).suite },
  { name: 'memory', load: async () => (await import('./memory.ts')).suite },
  { name: 'types', load: async () => (await import('./types.ts')).suite },
  { name: 'half-open', load: async () => (await import('./half-open.ts')).suite },
  { name: 'mcp', load: async () => (await import('./mcp.ts')).suite },
]
