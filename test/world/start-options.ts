// The command line of `npm start`. Total: anything it does not know is answered with what it knows.

import { parseArgs } from 'node:util'

export type StartOptions = {
  readonly port: number
  readonly worldPort: number
  readonly isFresh: boolean
  readonly isVerbose: boolean
  /** How many databases there are. */
  readonly shards: number
  /** Where callbacks go instead of the simulated exchange; null: there. */
  readonly callbackUrl: string | null
}

export type StartChoice =
  | { readonly kind: 'start'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly message: string }

export const START_HELP = `Usage: npm start -- [options]

Starts Lockline's Worker in the local runtime, and a simulated world around it:
an exchange, three SMS carriers and a phone. No account, no network.

  --port N         the Worker's port (default 8787)
  --world-port N   the world's page (default 8788)
  --callback-url U callbacks go to your own exchange, and what it needs to call
                   the Worker is printed; carriers and phone stay simulated
  --shards N       so many databases, 1 to 8 (default 1); accounts of earlier runs
                   stay in the first, npm run move-slot moves them
  --fresh          forget all accounts, logins and keys of earlier runs
  --verbose        show every log line of the Worker
  --help           show this text

State is kept in .wrangler/ between runs. Ctrl-C stops everything.`

export function readStartOptions(args: readonly string[]): StartChoice {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8787' },
        'world-port': { type: 'string', default: '8788' },
        'callback-url': { type: 'string' },
        shards: { type: 'string', default: '1' },
        fresh: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { kind: 'help' }
    const port = readPort(values.port)
    const worldPort = readPort(values['world-port'])
    if (port === null) return refused(`--port must be from 1 to 65535, not ${values.port}`)
    if (worldPort === null) {
      return refused(`--world-port must be from 1 to 65535, not ${values['world-port']}`)
    }
    if (port === worldPort) return refused('--port and --world-port must differ')
    const shards = Number(values.shards)
    if (!/^[1-8]$/.test(values.shards)) {
      return refused(`--shards must be from 1 to 8, not ${values.shards}`)
    }
    const callbackUrl = values['callback-url'] ?? null
    if (callbackUrl !== null && !/^https?:$/.test(URL.parse(callbackUrl)?.protocol ?? '')) {
      return refused(`--callback-url must be an http or https URL, not ${callbackUrl}`)
    }
    const { fresh: isFresh, verbose: isVerbose } = values
    const options = { port, worldPort, isFresh, isVerbose, shards, callbackUrl }
    return { kind: 'start', options }
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
}

function readPort(text: string): number | null {
  const port = Number(text)
  return /^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535 ? port : null
}

function refused(message: string): StartChoice {
  return { kind: 'refused', message }
}
