import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Licence } from '../../main/contract/desktop.ts'

/** The package's folder that a module stands in; undefined for our own code. */
export function packageFolder(module: string): string | undefined {
  const path = module.replace(/^\0/, '').replace(/\?.*$/, '')
  return /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(path)?.[1]
}

/**
 * Folders of the packages that the sources under `folder` import, and of what those depend on in turn: rather one too many than one too few. Types have no code.
 */
export function packagesOf(folder: string, root: string): Set<string> {
  const found = new Set<string>()
  const add = (name: string, from: string): void => {
    const at = [join(from, 'node_modules', name), join(root, 'node_modules', name)].find((place) => existsSync(join(place, 'package.json')))
    if (at === undefined || name.startsWith('@types/') || found.has(at)) return
    found.add(at)
    const { dependencies = {} } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> }
    for (const dependency of Object.keys(dependencies)) add(dependency, at)
  }
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const [, specifier = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*'([^'.][^']*)'/g))
      if (!specifier.startsWith('node:'))
        add(
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
          root,
        )
  }
  return found
}

/** Name, version, licence and its text for each package, by name. Throws where a package says no licence: nothing is shipped without one. */
export function listLicences(folders: Iterable<string>): Licence[] {
  const listed = [...new Set(folders)].map((folder) => readLicence(folder))
  return listed.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function readLicence(folder: string): Licence {
  const stated = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
  const { name, version, license } = stated
  if (typeof name !== 'string' || typeof version !== 'string') throw new Error(`${folder} is no package`)
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$|-)/i.test(entry))
  const text = file === undefined || !existsSync(join(folder, file)) ? '' : readFileSync(join(folder, file), 'utf8')
  const licence = typeof license === 'string' ? license : ''
  if (licence === '' && text === '') throw new Error(`${name} says nothing of its licence: it cannot be part of the package`)
  return { name, version, licence: licence === '' ? 'see its text' : licence, text: text.trim() }
}
