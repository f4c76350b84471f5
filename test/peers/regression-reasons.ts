/** What the gateway refuses whatever a policy says, as the regression files meet it. A refusal without a name here is a fault. */
const REASONS: readonly (readonly [RegExp, string])[] = [[/startup parameter ".*" is not allowed/, 'a startup parameter that is refused']]

export function reasonOf(line: string): string | undefined {
  return REASONS.find(([pattern]) => pattern.test(line))?.[1]
}
