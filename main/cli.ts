#!/usr/bin/env node
import { apply } from './cli/apply.ts'
import { auditWorkstation } from './cli/audit-workstation.ts'
import { backup } from './cli/backup.ts'
import { check } from './cli/check.ts'
import { connect } from './cli/connect.ts'
import { demo } from './cli/demo.ts'
import { explain } from './cli/explain.ts'
import { exportCommand } from './cli/export.ts'
import { fingerprint } from './cli/fingerprint.ts'
import { host } from './cli/host.ts'
import { mcp } from './cli/mcp.ts'
import { endQuietlyOnBrokenPipe, processTerminal } from './cli/process-terminal.ts'
import { pull } from './cli/pull.ts'
import { restore } from './cli/restore.ts'
import { retention } from './cli/retention.ts'
import { rotate } from './cli/rotate.ts'
import { runCli } from './cli/run-cli.ts'
import { schema } from './cli/schema.ts'
import { sql } from './cli/sql.ts'
import { verify } from './cli/verify.ts'
import { VERSION } from './version.ts'

endQuietlyOnBrokenPipe()
const commands = {
  host,
  demo,
  check,
  explain,
  verify,
  export: exportCommand,
  retention,
  backup,
  restore,
  fingerprint,
  sql,
  apply,
  pull,
  schema,
  rotate,
  mcp,
  connect,
  'audit-workstation': auditWorkstation,
}
process.exitCode = await runCli(process.argv.slice(2), commands, VERSION, processTerminal())
// What a command left open (a socket that nobody answers) must not keep the process; what is written is given time to be read.
setTimeout(() => process.exit(), 2000).unref()
