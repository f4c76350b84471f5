import type { Log } from '../../proxy/ports.ts'
import type { ConfigInForce } from '../config/in-force.ts'
import { lacksAdmin, type SetUp } from './set-up.ts'

export interface OfferSetUpOptions {
  readonly setUp: SetUp
  readonly config: ConfigInForce
  readonly log: Log
  readonly origin: () => string
}

/** Puts a set-up code on the host's console when nobody could be an admin: at the start, and after a change that takes the last one away. */
export function offerSetUp({ setUp, config, log, origin }: OfferSetUpOptions): void {
  const offer = (): void => {
    const message =
      'Nobody can be an admin yet. Open the address and sign in with this code, once, within a day; then configure a provider and roles.admin.'
    log.warn('set-up.code', { code: setUp.makeCode(), at: origin(), message })
  }
  if (lacksAdmin(config.current())) offer()
  config.onChange((next, before) => {
    if (lacksAdmin(next) && !lacksAdmin(before)) offer()
  })
}
