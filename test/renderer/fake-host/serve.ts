/** The built pages with a made-up day, to look at: `node test/renderer/fake-host/serve.ts [port]`, then open the printed address. */
import { makeApproval } from './made-up-approvals.ts'
import { startFakeHost } from './start-fake-host.ts'
import { workingDay } from './state.ts'

const host = await startFakeHost(workingDay(), undefined, Number(process.argv[2] ?? 0))
console.log(host.url)
let id = 300
const timer = setInterval(() => {
  const approval = makeApproval(Date.now(), {
    id: id++,
    waitUntil: Date.now() + 600_000,
    openUntil: Date.now() + 900_000,
    askedAt: Date.now(),
  })
  host.state.approvals.set(approval.id, approval)
  host.say({ type: 'approval', approval })
}, 30_000)
process.on('SIGINT', () => {
  clearInterval(timer)
  void host.close()
})
