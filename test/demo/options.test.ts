import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOptions } from '../../build/demo/options.ts'

const root = path.resolve('project')

describe('options of the demo', () => {
  it('are the usual ports and .demo in the project when none is given', () => {
    expect(readOptions([], root)).toEqual({ options: { portBase: 8440, reset: false, data: path.join(root, '.demo') } })
  })

  it('take a value behind a space or behind an equals sign', () => {
    expect(readOptions(['--port-base', '9000', '--reset'], root)).toMatchObject({ options: { portBase: 9000, reset: true } })
    expect(readOptions(['--port-base=9000'], root)).toMatchObject({ options: { portBase: 9000 } })
  })

  it.each([
    [['--port-base', '80']],
    [['--port-base', 'abc']],
    [['--port-base']],
    [['--port-base', '65533']],
    [['--data']],
    [['--prot-base', '9000']],
    [['--reset=yes']],
  ])('refuse %j with the usage', (args) => {
    const asked = readOptions(args, root)
    expect(asked).toMatchObject({ code: 2 })
    expect('text' in asked && asked.text).toContain('--port-base N')
  })

  it('explain themselves', () => {
    expect(readOptions(['--help'], root)).toMatchObject({ code: 0 })
  })
})
