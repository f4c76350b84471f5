/** `node --import` this: `electron` is the fake, so that a packed program's own entry starts under plain Node. */
import { registerHooks } from 'node:module'

const FAKE = new URL('./pack-electron.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: FAKE, format: 'module-typescript', shortCircuit: true } : next(specifier, context),
})
