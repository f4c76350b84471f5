import fs from 'node:fs'

/** Linux counts in hundredths of a second whatever the machine (proc(5), USER_HZ). */
const TICK_US = 10_000

/** User and system time of the process with all its threads, microseconds. Undefined where /proc is not. */
export function cpuMicroseconds(pid: number | undefined): number | undefined {
  if (pid === undefined || !fs.existsSync(`/proc/${pid}/stat`)) return undefined
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name may hold spaces and brackets: fields are counted from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_US
}

/** Resident memory, MiB. */
export function residentMiB(pid: number | undefined): number | undefined {
  if (pid === undefined || !fs.existsSync(`/proc/${pid}/status`)) return undefined
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return kib === undefined ? undefined : Math.round(Number(kib) / 1024)
}
