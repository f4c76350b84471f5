import net from 'node:net'

export interface DemoPorts {
  readonly web: number
  readonly signIn: number
  readonly database: number
  readonly gateway: number
}

export function portsFrom(base: number): DemoPorts {
  return { web: base, signIn: base + 1, database: base + 2, gateway: base + 3 }
}

const WANTED_BY: Readonly<Record<keyof DemoPorts, string>> = {
  web: 'Sallyport’s pages',
  signIn: 'the demo’s sign-in',
  database: 'the demo’s PostgreSQL',
  gateway: 'the gateway',
}

/** Which ports somebody else has, in words; empty when all are free. */
export async function findTakenPorts(ports: DemoPorts): Promise<string[]> {
  const taken: string[] = []
  for (const [name, port] of Object.entries(ports) as [keyof DemoPorts, number][]) {
    if (!(await isFree(port))) taken.push(`Port ${port} is taken by another program; ${WANTED_BY[name]} wants it.`)
  }
  return taken
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
