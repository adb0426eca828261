// The command line of `npm run deploy`. Total: what it does not know is answered with what it knows.

import { parseArgs } from 'node:util'

export type DeployOptions = {
  /** Empty: what stands above all environments of wrangler.toml. */
  readonly environment: string
  readonly secretsFile: string | null
  /** Of the traffic, for the new release. */
  readonly percentage: number
  readonly location: string | null
  readonly isDryRun: boolean
  readonly skipsSmoke: boolean
}

export type DeployChoice =
  | { readonly kind: 'run'; readonly options: DeployOptions }
  | { readonly kind: 'say'; readonly text: string; readonly exitCode: 0 | 2 }

const LOCATIONS = ['wnam', 'enam', 'weur', 'eeur', 'apac', 'oc']

export const DEPLOY_HELP = `Usage: npm run deploy -- --env NAME [options]

Brings an environment of wrangler.toml onto Cloudflare, or up to date: database, queues,
dead-letter queues, migrations, code, consumers, cron, domain. What is there already is
left alone, so a second run changes nothing, and one that was interrupted goes on.
Nothing is ever removed.

  --env NAME         production, staging or another environment of wrangler.toml
  --secrets-file F   JSON of secrets by name (npm run keys -- --out F makes one). Those
                     that Cloudflare does not have yet are put with the code, the others
                     are left as they are: change one by npm run keys -- --put
  --gradual N        N percent of the traffic for the new release, the rest stays with
                     the former one. Run again with a higher N, or without, to go on
  --location L       where a new database lies: ${LOCATIONS.join(' ')}. It cannot
                     be moved later
  --no-smoke         do not ask the deployment whether it is well
  --dry-run          say what would be done, and do nothing
  --help             show this text

Settings are read by the Worker's own parser before anything is touched. A new release
is asked by name before it gets any traffic (a first one after), and gets none if its
answers are wrong. At the end it says how to go back.

From the environment of the shell: CLOUDFLARE_ACCOUNT_ID, and CLOUDFLARE_API_TOKEN that
may edit Workers Scripts, D1, Queues, and Workers Routes where there is a domain.
Optional, for the smoke test where there is no secrets file: LOCKLINE_WEBHOOK_SECRET,
LOCKLINE_API_KEY.

Ends with 0 when done, 1 when something failed, 2 when the command is not understood.`

/** @param env of the process: Cloudflare's own builds have no options */
export function readDeployOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DeployChoice {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        env: { type: 'string' },
        'secrets-file': { type: 'string' },
        gradual: { type: 'string', default: '100' },
        location: { type: 'string' },
        'no-smoke': { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { kind: 'say', text: DEPLOY_HELP, exitCode: 0 }
    const environment = values.env ?? env.CLOUDFLARE_ENV ?? (isCloudflareBuild(env) ? '' : null)
    if (environment === null) return refused('--env is missing')
    if (!/^[1-9]\d?$|^100$/.test(values.gradual)) {
      return refused(`--gradual must be a whole number from 1 to 100, not ${values.gradual}`)
    }
    const location = values.location ?? null
    if (location !== null && !LOCATIONS.includes(location)) {
      return refused(`--location must be one of ${LOCATIONS.join(', ')}, not ${location}`)
    }
    return {
      kind: 'run',
      options: {
        environment,
        secretsFile: values['secrets-file'] ?? null,
        percentage: Number(values.gradual),
        location,
        isDryRun: values['dry-run'],
        skipsSmoke: values['no-smoke'],
      },
    }
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
}

/** Workers Builds, which the deploy button sets up, says so itself. */
export function isCloudflareBuild(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.WORKERS_CI === '1'
}

function refused(problem: string): DeployChoice {
  return { kind: 'say', text: `${problem}\n\n${DEPLOY_HELP}`, exitCode: 2 }
}
