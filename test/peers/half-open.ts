import { floodHalfOpen, mostConnections } from '../flood/half-open.ts'
import { startGateway } from '../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../helpers/policy-literal.ts'
import type { PeerSuite } from './suite.ts'

const LOGIN_TIMEOUT_MS = 10_000

export const suite: PeerSuite = {
  name: 'half-open',
  title: 'Connections that say nothing',
  async run(report) {
    const fixture = await startGateway({ policy: ALLOW_ALL, gateway: { loginTimeoutMs: LOGIN_TIMEOUT_MS } })
    try {
      const connections = mostConnections()
      const { waits, grownMiB, left, faults } = await floodHalfOpen(fixture, connections, LOGIN_TIMEOUT_MS)
      report.text('Client and gateway are one process here, so that most of a wait and half of the memory is the flood’s own.')
      report.table(
        ['', ''],
        [
          ['silent connections', connections],
          ['others that logged in and asked meanwhile', waits.length],
          ['the longest of them took, ms', Math.max(...waits)],
          ['memory of both ends grew by, MiB', grownMiB],
          ['open after the login’s time', left],
        ],
      )
      for (const fault of faults) report.fault(fault)
      if (Math.max(...waits) > 10_000) report.fault('somebody waited for more than 10 s')
      if (left > 0) report.fault(`${left} silent connections were still open`)
      if (grownMiB > 200) report.fault(`the memory grew by ${grownMiB} MiB`)
    } finally {
      await fixture.stop()
    }
  },
}
