import type { PeerSuite } from './suite.ts'

/** In the order in which they run and stand in docs/conformance.md. A suite's modules are loaded only when it runs. */
export const SUITES: readonly { readonly name: string; readonly load: () => Promise<PeerSuite> }[] = []
