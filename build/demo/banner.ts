import type { DemoPorts } from './ports.ts'
import { CAST } from './provider/cast.ts'
import type { DemoSecrets } from './provider/secrets.ts'

export interface BannerFacts {
  readonly ports: DemoPorts
  readonly secrets: DemoSecrets
  readonly token: string
  /** When the token ends, in ms since the epoch. */
  readonly tokenEnds: number
  /** `--data`, when it was given. */
  readonly dataOption: string
  readonly colour: boolean
}

/** A line of its own for each thing that one may want to copy. */
export function bannerText(facts: BannerFacts): string {
  const bold = (text: string) => (facts.colour ? `\x1b[1m${text}\x1b[22m` : text)
  const dim = (text: string) => (facts.colour ? `\x1b[2m${text}\x1b[22m` : text)
  const { ports, secrets, token } = facts
  const url = `postgresql://cursor:${token}@127.0.0.1:${ports.gateway}/shop`
  const until = new Date(facts.tokenEnds).toTimeString().slice(0, 5)
  const cell = (text: string, width: number) => text.padEnd(width)
  const people = CAST.map(
    ({ key, name, email, part, may }) =>
      `  ${cell(name, 16)} ${cell(email, 28)} ${bold(cell(secrets.passwords[key], 24))} ${dim(`${part}: ${may}`)}`,
  )
  return [
    '',
    bold('The demo runs. Everything in it is made up, and it answers on this machine only.'),
    '',
    bold('1  Open the page, and sign in as the approver'),
    `  http://127.0.0.1:${ports.web}`,
    '',
    ...people,
    '',
    bold('2  Watch an agent’s afternoon, in another terminal'),
    `  npm run demo:agent${facts.dataOption}`,
    '',
    bold('3  Or be the agent yourself') + dim(`  (the token is good until ${until})`),
    dim('  Try: SELECT * FROM customers LIMIT 3    UPDATE carts SET updated_at = now() WHERE id = 7    DROP TABLE carts'),
    '',
    `psql "${url}"`,
    '',
    `npx sallyport sql "${url}" "SELECT * FROM customers LIMIT 3"`,
    '',
    dim('Ctrl-C stops all of it. The next start takes up where this one ended; npm run demo -- --reset starts anew.'),
    '',
  ].join('\n')
}
