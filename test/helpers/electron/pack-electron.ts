/** The fake, as a program of its own sees it: its folder comes from outside, and its end is the process's. */
import { app, asked, world } from './fake.ts'

world.userData = process.env['SALLYPORT_TEST_FOLDER'] ?? ''
setInterval(() => {
  if (asked.exits.length > 0) process.exit(asked.exits[0])
}, 20)
// What a test reads of it: the pages that windows were sent to.
setInterval(() => {
  const loads = asked.windows.flatMap(({ loads }) => loads)
  if (loads.length > told) process.stdout.write(`${JSON.stringify({ loads })}\n`)
  told = loads.length
}, 20)
let told = 0

export * from './fake.ts'
export default app
