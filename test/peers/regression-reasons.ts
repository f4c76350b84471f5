/** What the gateway refuses whatever a policy says, as the regression files meet it. A refusal without a name here is a fault. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/startup parameter ".*" is not allowed/, 'a startup parameter that is refused'],
  [
    /standard_conforming_strings and client_encoding cannot be changed through the gateway/,
    'a setting with which the server would read other statements than the gateway judges, and what the file then writes for that setting',
  ],
  [/^LINE \d+: \) PARTITION BY MAGIC/, 'the gateway has the grammar of PostgreSQL 18, which tells a place here where 15 tells none'],
  [/reading the statement took longer than/, 'a text that takes longer to read than is allowed'],
]

export function reasonOf(line: string): string | undefined {
  return REASONS.find(([pattern]) => pattern.test(line))?.[1]
}
