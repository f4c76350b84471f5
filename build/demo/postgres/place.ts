import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findPrograms, type Programs, programsIn } from './programs.ts'
import { findServerUser, mayEnter, type ServerUser } from './server-user.ts'

/** Where the server's programs and files are, and as whom it runs. */
export interface Place {
  readonly programs: Programs
  /** PostgreSQL's data directory. */
  readonly data: string
  readonly user: ServerUser | undefined
  /** Set when the project's folder is closed to the server's user, and its files are here instead. */
  readonly moved: string | undefined
}

const NOTE = 'postgres-place'

/** Finds or makes a place for the server of this demo. */
export function findPlace(demoFolder: string): Place {
  const user = findServerUser()
  const programs = findPrograms()
  const note = path.join(demoFolder, NOTE)
  if (user === undefined || (mayEnter(programs.folder, user) && mayEnter(demoFolder, user))) {
    return { programs, user, moved: undefined, data: own(path.join(demoFolder, 'postgres'), user) }
  }
  const noted = existsSync(note) ? readFileSync(note, 'utf8').trim() : undefined
  const moved = noted !== undefined && existsSync(noted) ? noted : mkdtempSync(path.join(os.tmpdir(), 'sallyport-demo-'))
  chownSync(moved, user.uid, user.gid)
  writeFileSync(note, `${moved}\n`)
  const copy = path.join(moved, 'programs')
  if (!existsSync(path.join(copy, 'complete'))) {
    cpSync(programs.folder, copy, { recursive: true, verbatimSymlinks: true })
    writeFileSync(path.join(copy, 'complete'), '')
  }
  return { programs: programsIn(copy), user, moved, data: own(path.join(moved, 'postgres'), user) }
}

/** Removes what `findPlace` put outside of the demo's folder. */
export function removeMoved(demoFolder: string): void {
  const note = path.join(demoFolder, NOTE)
  if (!existsSync(note)) return
  const moved = readFileSync(note, 'utf8').trim()
  if (path.dirname(moved) === os.tmpdir() && path.basename(moved).startsWith('sallyport-demo-'))
    rmSync(moved, { recursive: true, force: true })
}

function own(folder: string, user: ServerUser | undefined): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}
