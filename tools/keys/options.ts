// The command line of `npm run keys`. Total.

import { parseArgs } from 'node:util'
import { isScope } from '../../src/api/scopes.ts'
import { KEY_NAMES, USUAL_KEYS } from './make-keys.ts'

export type KeysOptions = {
  readonly names: readonly string[]
  readonly out: string | null
  /** Null: put nowhere. */
  readonly environment: string | null
  readonly keep: string | null
  readonly replaces: boolean
  /** Of API_KEYS; null: a key that may do all but repair. */
  readonly scopes: string | null
}

export type KeysChoice =
  | { readonly kind: 'run'; readonly options: KeysOptions }
  | { readonly kind: 'say'; readonly text: string; readonly exitCode: 0 | 2 }

export const KEYS_HELP = `Usage: npm run keys -- [NAME …] [options]

Makes secrets in the form the Worker reads and shows them once, as JSON by name; nothing
keeps them. Without names: ${USUAL_KEYS.join(' ')}.
There are also: ${KEY_NAMES.filter((name) => !USUAL_KEYS.includes(name)).join(' ')}
(VAPID makes both keys of push).

  --out FILE     write the JSON there, for npm run deploy -- --secrets-file, readable by
                 you alone, and show only the names. Keep it outside the repository, move
                 it into your vault, delete it
  --put          put them to the Worker of --env, which has to be deployed
  --env NAME     production, staging or another environment of wrangler.toml
  --keep FILE    JSON with the present values, from your vault: a list becomes "new old",
                 so that what was made with the old key still counts
  --scopes LIST  what the new one of API_KEYS may do, like holds.read,introspect
                 (docs/integration.md). Without it, all but repair the service
  --replace      put a list without its former keys. What they made counts no more: links
                 end, numbers that they sealed are unreadable
  --help         show this text

Rotating, step by step: docs/operations.md. CLOUDFLARE_ACCOUNT_ID and
CLOUDFLARE_API_TOKEN are needed for --put.`

export function readKeysOptions(args: readonly string[]): KeysChoice {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        put: { type: 'boolean', default: false },
        env: { type: 'string' },
        keep: { type: 'string' },
        replace: { type: 'boolean', default: false },
        scopes: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { kind: 'say', text: KEYS_HELP, exitCode: 0 }
    const unknown = positionals.filter((name) => !KEY_NAMES.includes(name))
    if (unknown.length > 0) return refused(`${unknown.join(', ')} cannot be made here`)
    if (values.put !== (values.env !== undefined)) return refused('--put and --env go together')
    if (values.replace && !values.put) return refused('--replace goes with --put')
    const names = positionals.length > 0 ? [...new Set(positionals)] : USUAL_KEYS
    const scopes = values.scopes ?? null
    if (scopes !== null && !names.includes('API_KEYS')) return refused('--scopes are of API_KEYS')
    const strange = (scopes?.split(',') ?? []).filter((scope) => !isScope(scope))
    if (strange.length > 0) return refused(`${strange.join(', ')} is no scope`)
    return {
      kind: 'run',
      options: {
        names,
        scopes,
        out: values.out ?? null,
        environment: values.put ? (values.env ?? null) : null,
        keep: values.keep ?? null,
        replaces: values.replace,
      },
    }
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
}

function refused(problem: string): KeysChoice {
  return { kind: 'say', text: `${problem}\n\n${KEYS_HELP}`, exitCode: 2 }
}
