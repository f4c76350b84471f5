/** `npm run test:peers [-- NAME …]`: runs the suites and writes what they found to docs/conformance.md. Fails if anything is not as it must be. */
import { startSection, writeSection } from './conformance.ts'
import { SUITES } from './suites.ts'

const order = SUITES.map((one) => one.name)
const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

async function main(wanted: readonly string[]): Promise<number> {
  const strange = wanted.find((name) => !order.includes(name))
  if (strange !== undefined) {
    process.stderr.write(`There is no suite "${strange}"; there are: ${order.join(', ')}.\n`)
    return 2
  }
  let failed = 0
  for (const { name, load } of SUITES) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const since = performance.now()
    const suite = await load()
    say(`\n${suite.title}`)
    const section = startSection(suite.title, (text) => say(`  ${text}`))
    try {
      await suite.run(section.report)
    } catch (error) {
      section.report.fault(`The run ended early: ${error instanceof Error ? error.message : String(error)}`)
      say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
    writeSection(name, section.markdown(), order)
    for (const fault of section.faults) say(`  ✗ ${fault}`)
    say(`  ${section.faults.length === 0 ? '✓' : '✗'} ${((performance.now() - since) / 1000).toFixed(0)} s`)
    failed += section.faults.length
  }
  return failed === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
