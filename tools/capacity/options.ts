// The command line of `npm run capacity`. Total.

import { parseArgs } from 'node:util'
import { type Load, YEAR_SECONDS } from './capacity.ts'
import { CALLS_PER_SECOND } from './platform.ts'

export type CapacityChoice =
  | { readonly kind: 'run'; readonly load: Load }
  | { readonly kind: 'say'; readonly text: string; readonly exitCode: 0 | 2 }

export const CAPACITY_HELP = `Usage: npm run capacity -- --accounts N [options]

Computes what a deployment of that size needs (databases, storage, D1 calls, queue
operations), what it costs on Cloudflare, and which limit it meets first; from counts that
tests keep true (tools/capacity/counts.ts) and Cloudflare's public price list. Every
login counts as an alert of its own with two receipts. What SMS cost is not in it.

  --accounts N      accounts that are imported, like 20000000 or 20e6
  --logins N        logins of an account in a year, on average (default 17);
                    N/s: logins of all accounts together in a second, like 12.5/s
  --peak N          logins in the busiest second (default: 20 times the average)
  --calls N         calls that one database handles in a second: an assumption, since
                    nothing was measured on Cloudflare (default ${CALLS_PER_SECOND})
  --help            show this text

Example: npm run capacity -- --accounts 20e6 --logins 17 --peak 2000`

const DEFAULT_LOGINS = '17'
const PEAK_FACTOR = 20

export function readCapacityOptions(args: readonly string[]): CapacityChoice {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        accounts: { type: 'string' },
        logins: { type: 'string', default: DEFAULT_LOGINS },
        peak: { type: 'string' },
        calls: { type: 'string', default: String(CALLS_PER_SECOND) },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { kind: 'say', text: CAPACITY_HELP, exitCode: 0 }
    if (values.accounts === undefined) return refused('--accounts is missing')
    const accounts = readNumber('accounts', values.accounts)
    const isRate = values.logins.endsWith('/s')
    const logins = readNumber('logins', values.logins.replace(/\/s$/, ''))
    const loginsPerSecond = isRate ? logins : (accounts * logins) / YEAR_SECONDS
    const peakPerSecond =
      values.peak === undefined ? loginsPerSecond * PEAK_FACTOR : readNumber('peak', values.peak)
    if (peakPerSecond < loginsPerSecond) {
      return refused(`--peak is below the average, which is ${loginsPerSecond.toFixed(2)} a second`)
    }
    const callsPerSecond = readNumber('calls', values.calls)
    return { kind: 'run', load: { accounts, loginsPerSecond, peakPerSecond, callsPerSecond } }
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
}

/** A positive number in digits, with a fraction or an exponent. */
function readNumber(name: string, text: string): number {
  const number = /^\d+(\.\d+)?(e\d{1,2})?$/i.test(text) ? Number(text) : 0
  if (number > 0 && number <= 1e12) return number
  throw new Error(`--${name} must be a number above 0, like 20e6, not ${text}`)
}

function refused(problem: string): CapacityChoice {
  return { kind: 'say', text: `${problem}\n\n${CAPACITY_HELP}`, exitCode: 2 }
}
