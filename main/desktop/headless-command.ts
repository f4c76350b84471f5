/**
 * The arguments of `sallyport host …` behind the program's own switches: the packages' program runs the headless host too, for `sallyport-host.service`.
 * Undefined for an ordinary start. Electron's and Chromium's switches (`--ozone-platform=headless`, `--no-sandbox`) stand before the command.
 */
export function headlessCommand(args: readonly string[]): readonly string[] | undefined {
  const at = args.findIndex((arg) => !arg.startsWith('-'))
  return at >= 0 && args[at] === 'host' ? args.slice(at) : undefined
}
