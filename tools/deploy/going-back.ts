// How to go back, as commands to be pasted. Pure.

import type { Environment } from '../cloudflare/environment.ts'

export type Before = {
  /** What had most of the traffic; null where nothing was deployed. */
  readonly versionId: string | null
  /** Of databases whose tables were changed, by their names. */
  readonly bookmarks: ReadonlyMap<string, string>
}

export function goingBack(environment: Environment, before: Before): readonly string[] {
  const env = optionOf(environment)
  const code =
    before.versionId === null
      ? `  npx wrangler delete${env}   # it was the first; database and queues stay`
      : `  npx wrangler rollback ${before.versionId}${env} --yes`
  return [
    'To go back to the code of before (migrations only add, it works with the tables of now):',
    code,
    ...restoring(environment, before.bookmarks),
  ]
}

/** Where it failed before the code was changed. */
export function goingBackFromFailure(
  environment: Environment,
  bookmarks: Before['bookmarks'],
): readonly string[] {
  return [
    'The code that ran still runs, and works with the tables as they are now: going on is enough.',
    ...restoring(environment, bookmarks),
  ]
}

function restoring(environment: Environment, bookmarks: Before['bookmarks']): readonly string[] {
  if (bookmarks.size === 0) return []
  const env = optionOf(environment)
  return [
    'To go back to the data of before, which loses every login, lock and hold since then:',
    ...[...bookmarks].map(
      ([database, bookmark]) =>
        `  npx wrangler d1 time-travel restore ${database}${env} --bookmark=${bookmark}`,
    ),
  ]
}

function optionOf({ name }: Environment): string {
  return name === '' ? '' : ` --env ${name}`
}
