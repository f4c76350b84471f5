import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The bin in a project of its own, with a stand-in for the built program. */
describe('the npm bin', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'sallyport-bin-'))
  const bin = path.join(root, 'build/sallyport.mjs')
  const program = path.join(root, 'dist/main/cli.js')

  beforeAll(() => {
    mkdirSync(path.dirname(bin))
    copyFileSync(path.join(import.meta.dirname, '../../build/sallyport.mjs'), bin)
  })
  afterAll(() => rmSync(root, { recursive: true }))

  const stand = (text: string): void => {
    mkdirSync(path.dirname(program), { recursive: true })
    writeFileSync(program, text)
  }

  it('says how to build when nothing is built', () => {
    const { status, stderr } = spawnSync(process.execPath, [bin, 'host'], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'Sallyport is not built yet. Run: npm run build\n' })
  })

  it('hands over the arguments, the output and the exit code', () => {
    stand('console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7')
    const { status, stdout } = spawnSync(process.execPath, [bin, 'sql', 'a b', '--json'], { encoding: 'utf8' })
    expect(JSON.parse(stdout)).toEqual(['sql', 'a b', '--json'])
    expect(status).toBe(7)
  })

  it('passes SIGTERM on and waits for the end', async () => {
    stand(
      `process.on('SIGTERM', () => setTimeout(() => { console.log('drained'); process.exit(0) }, 200)); setInterval(() => {}, 1000); console.log('ready')`,
    )
    const child = spawn(process.execPath, [bin, 'host'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output === 'ready\n') child.kill('SIGTERM')
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, output }).toEqual({ code: 0, output: 'ready\ndrained\n' })
  })

  it('tells how the program died', () => {
    stand(`process.kill(process.pid, 'SIGKILL')`)
    expect(spawnSync(process.execPath, [bin], { encoding: 'utf8' }).status).toBe(137)
  })
})
