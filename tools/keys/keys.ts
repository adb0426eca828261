// Makes keys, puts them before those that are kept, and to a Worker where that is asked. Shows each once. Replaces no list
// by accident, and puts nothing that the Worker would not read: a DATA_SECRETS without its former key is data lost.

import { writeFileSync } from 'node:fs'
import type { Cloudflare } from '../cloudflare/api.ts'
import { readEnvironment } from '../cloudflare/environment.ts'
import { judgeSettings, readSecretsFile } from '../cloudflare/settings.ts'
import { listSecretNames, putSecret, readShares } from '../cloudflare/workers.ts'
import { LISTS, makeKeys } from './make-keys.ts'
import type { KeysOptions } from './options.ts'

export type KeysPorts = {
  /** Asked for where keys are put. */
  readonly cloudflare: () => Cloudflare
  readonly configPath: string
  /** The keys, once. */
  readonly show: (text: string) => void
  readonly say: (line: string) => void
}

/** @throws with what to tell the operator; a key that was put has been shown before */
export async function keys(options: KeysOptions, ports: KeysPorts): Promise<void> {
  const { say, show } = ports
  const kept = options.keep === null ? {} : readKept(options.keep)
  const values = withKept(withScopes(await makeKeys(options.names), options.scopes), kept)
  const names = Object.keys(values)
  refuseUnreadable(values)
  const put = options.environment === null ? null : await preparePut(options, names, kept, ports)
  const alone = names.filter((name) => LISTS.includes(name) && kept[name] === undefined)
  if (options.keep !== null && alone.length > 0) {
    say(`${options.keep} has no ${alone.join(', ')}: what is made here has the new key alone.`)
  }
  const json = JSON.stringify(values, null, 2)
  if (options.out === null) show(json)
  else {
    writeFileSync(options.out, `${json}\n`, { mode: 0o600, flag: 'wx' })
    say(`Wrote ${names.join(', ')} to ${options.out}. Into your vault with them, then delete it.`)
  }
  if (put === null) return
  for (const [name, value] of Object.entries(values)) {
    await put(name, value)
    say(`Put ${name}.`)
  }
}

/** What is blank is not kept. */
function readKept(path: string): Readonly<Record<string, string>> {
  const given = Object.entries(readSecretsFile(path)).map(([name, text]) => [name, text.trim()])
  return Object.fromEntries(given.filter(([, text]) => text !== ''))
}

/** By the Worker's own parser: with one list that it does not read it answers nothing. What is new is well made. */
function refuseUnreadable(values: Readonly<Record<string, string>>): void {
  const verdict = judgeSettings({}, values)
  if (verdict.kind !== 'refused') return
  const problems = verdict.problems.map(({ setting, problem }) => `  ${setting} ${problem}`)
  throw new Error(
    `With the values of --keep the Worker would not start. Nothing was made or put:\n${problems.join('\n')}`,
  )
}

function withScopes(
  made: Readonly<Record<string, string>>,
  scopes: string | null,
): Readonly<Record<string, string>> {
  return scopes === null ? made : { ...made, API_KEYS: `${made.API_KEYS}:${scopes}` }
}

/** A list has the new key first; all count. */
function withKept(
  made: Readonly<Record<string, string>>,
  kept: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(made).map(([name, value]) => {
      const former = LISTS.includes(name) ? (kept[name] ?? '') : ''
      return [name, former === '' ? value : `${value} ${former}`]
    }),
  )
}

async function preparePut(
  { environment, replaces }: KeysOptions,
  names: readonly string[],
  kept: Readonly<Record<string, string>>,
  { cloudflare: connect, configPath }: KeysPorts,
) {
  const { worker } = readEnvironment(configPath, environment ?? '')
  const cloudflare = connect()
  if ((await readShares(cloudflare, worker)) === null) {
    throw new Error(`${worker} is not deployed yet: make a file with --out, and deploy with it.`)
  }
  const present = await listSecretNames(cloudflare, worker)
  const lost = names.filter(
    (name) => LISTS.includes(name) && present.includes(name) && !kept[name] && !replaces,
  )
  if (lost.length > 0) {
    throw new Error(
      `${worker} has ${lost.join(', ')} already, and Cloudflare shows no secret: give the present ` +
        'values with --keep FILE, or --replace where the former keys are to count no more.',
    )
  }
  return (name: string, value: string) => putSecret(cloudflare, worker, name, value)
}
