// How to go back, as commands to be pasted. Pure.

import type { Environment } from '../cloudflare/environment.ts'

export type Before = {
  /** What had most of the traffic; null where nothing was deployed. */
  readonly versionId: string | null
  /** Of databases whose tables were changed, by their names. */
  readonly bookmarks: ReadonlyMap<string, string>
}

export function goingBack({ name }: Environment, before: Before): readonly string[] {
  const env = name === '' ? '' : ` --env ${name}`
  const code =
    before.versionId === null
      ? [`  npx wrangler delete${env}   # it was the first; database and queues stay`]
      : [`  npx wrangler rollback ${before.versionId}${env} --yes`]
  const data = [...before.bookmarks].map(
    ([database, bookmark]) =>
      `  npx wrangler d1 time-travel restore ${database}${env} --bookmark=${bookmark}`,
  )
  return [
    'To go back to the code of before (migrations only add, it works with the tables of now):',
    ...code,
    ...(data.length === 0
      ? []
      : [
          'To go back to the data of before, which loses every login, lock and hold since then:',
          ...data,
        ]),
  ]
}
