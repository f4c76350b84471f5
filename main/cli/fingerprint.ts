import { readFileSync } from 'node:fs'
import { type Command, textOption, UsageError } from './command.ts'

export const fingerprint: Command = {
  summary: 'shows the fingerprint of the host’s certificate',
  usage: '(--data DIR | --cert FILE)',
  help: `SHA-256 of the certificate (DER), as browsers and "openssl x509 -fingerprint -sha256" show it: compare it where a browser or a client asks whether to trust it.
--data: the one that the host made for itself. --cert: one in a PEM file.`,
  options: { data: { type: 'string' }, cert: { type: 'string' } },
  positionals: { min: 0, max: 0 },
  required: [],
  async run(values, _positionals, terminal) {
    if ((values['data'] === undefined) === (values['cert'] === undefined)) throw new UsageError('give either --data or --cert')
    const [{ certificateFile }, { fingerprintOf }] = await Promise.all([
      import('../tls/generate-certificate.ts'),
      import('../tls/tls-pair.ts'),
    ])
    const path = values['cert'] === undefined ? certificateFile(textOption(values, 'data')) : textOption(values, 'cert')
    terminal.out(`${fingerprintOf(readFileSync(path, 'utf8'))}\n`)
    return 0
  },
}
