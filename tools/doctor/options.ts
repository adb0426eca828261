// The command line of `npm run doctor`. Total.

import { parseArgs } from 'node:util'

export type DoctorOptions = {
  readonly environment: string
  readonly secretsFile: string | null
  readonly skipsCallback: boolean
}

export type DoctorChoice =
  | { readonly kind: 'run'; readonly options: DoctorOptions }
  | { readonly kind: 'say'; readonly text: string; readonly exitCode: 0 | 2 }

export const DOCTOR_HELP = `Usage: npm run doctor -- --env NAME [options]

Looks an environment over and says of each thing ok, warn or fail, with what to do:
settings (by the Worker's own parser); how your senders stand with each country, now and
in 60 days; whether each provider knows your credentials (one request that sends nothing
and costs nothing, where its API has one); whether the exchange takes a signed callback
and refuses a forged one; code, tables, queues, cron, domain and workers.dev on
Cloudflare; what the deployment says of itself: /healthz, when cron ran last, which
incidents are open. Changes nothing.

  --env NAME         production, staging or another environment of wrangler.toml
  --secrets-file F   JSON of secrets by name. Cloudflare shows none, so without it
                     providers and the signed callback are not tried
  --no-callback      post nothing to the exchange. What is posted has the type
                     lockline.test and asks nothing of it
  --help             show this text

CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN are needed, to read. Ends with 0 when
nothing failed, 1 when something did, 2 when the command is not understood.`

export function readDoctorOptions(args: readonly string[]): DoctorChoice {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        env: { type: 'string' },
        'secrets-file': { type: 'string' },
        'no-callback': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { kind: 'say', text: DOCTOR_HELP, exitCode: 0 }
    if (values.env === undefined) return refused('--env is missing')
    return {
      kind: 'run',
      options: {
        environment: values.env,
        secretsFile: values['secrets-file'] ?? null,
        skipsCallback: values['no-callback'],
      },
    }
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
}

function refused(problem: string): DoctorChoice {
  return { kind: 'say', text: `${problem}\n\n${DOCTOR_HELP}`, exitCode: 2 }
}
