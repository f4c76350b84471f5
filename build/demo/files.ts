import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { removeMoved } from './postgres/place.ts'

/** What is where in the demo's folder. */
export function demoFiles(folder: string) {
  return {
    folder,
    mark: path.join(folder, 'sallyport-demo'),
    secrets: path.join(folder, 'secrets.json'),
    config: path.join(folder, 'sallyport.yaml'),
    databasePassword: path.join(folder, 'shop-password'),
    clientSecret: path.join(folder, 'sallyport-web-secret'),
    connect: path.join(folder, 'connect.json'),
    hostData: path.join(folder, 'host'),
    hostLog: path.join(folder, 'host.log'),
    databaseLog: path.join(folder, 'postgres.log'),
  }
}

export type DemoFiles = ReturnType<typeof demoFiles>

/** Makes the folder, and refuses one that holds something else. */
export function openFolder(files: DemoFiles): void {
  // Its secrets are files of mode 600; the server's own user must be able to pass.
  mkdirSync(files.folder, { recursive: true, mode: 0o755 })
  if (!existsSync(files.mark)) {
    if (readdirSync(files.folder).length > 0)
      throw new Error(`${files.folder} holds other files, so the demo leaves it alone. Give an empty folder with --data.`)
    writeFileSync(files.mark, 'Made by "npm run demo". Everything in this folder can be thrown away.\n')
  }
}

/** Throws away everything of the demo; nothing of it may run. */
export function emptyFolder(files: DemoFiles): void {
  if (!existsSync(files.mark)) return
  removeMoved(files.folder)
  for (const name of readdirSync(files.folder)) rmSync(path.join(files.folder, name), { recursive: true, force: true })
  writeFileSync(files.mark, 'Made by "npm run demo". Everything in this folder can be thrown away.\n')
}
