// `npm run faults`: each of the thirteen faults against the real Worker in the local runtime, in real time: injected, seen on
// /ops, posted, repaired, closed. What is not real: carriers, exchange and operator are the simulated world's, cron is fired
// by this script each real minute, and a database or a queue that is sick is one by the test Worker's bindings.

import { parseArgs } from 'node:util'
import { closeAll, closeOnSignal, isStopped } from '../bench/closing.ts'
import { bundleWorker } from '../support/bundle.ts'
import { FAULTS, type Fault } from './faults.ts'
import { type FaultResult, runFault } from './run-fault.ts'

const AT_ONCE = 4
/** Each runtime that starts puts a handler of its own in the place of ours. */
const SIGNALS_EVERY_MS = 2_000
const AT_ONCE_MAX = FAULTS.length

const HELP = `Usage: npm run faults -- [options]

  --at-once N    so many Workers side by side, 1 to ${AT_ONCE_MAX} (default ${AT_ONCE}: about a quarter of an hour)
  --only TEXT    faults whose name has this in it
  --help         show this text

Faults: ${FAULTS.map(({ name }) => name).join(', ')}.
Loopback only. Ctrl-C ends everything that was started.`

type Choice = { readonly faults: readonly Fault[]; readonly atOnce: number }

function readChoice(args: readonly string[]): Choice | 'help' | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'at-once': { type: 'string', default: String(AT_ONCE) },
        only: { type: 'string', default: '' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return 'help'
    const atOnce = Number(values['at-once'])
    if (!Number.isInteger(atOnce) || atOnce < 1 || atOnce > AT_ONCE_MAX)
      return { problem: `--at-once must be from 1 to ${AT_ONCE_MAX}` }
    const faults = FAULTS.filter(({ name }) => name.includes(values.only))
    return faults.length === 0
      ? { problem: `no fault has ${values.only} in its name` }
      : { faults, atOnce }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

async function main(): Promise<void> {
  const choice = readChoice(process.argv.slice(2))
  if (choice === 'help') {
    console.log(HELP)
    return
  }
  if ('problem' in choice) {
    console.error(`${choice.problem}\n\n${HELP}`)
    process.exitCode = 2
    return
  }
  const bundle = await bundleWorker('test/support/worker-under-test.ts', 'faults')
  const left = [...choice.faults]
  const results: FaultResult[] = []
  const work = async () => {
    for (let fault = left.shift(); fault && !isStopped(); fault = left.shift()) {
      try {
        const result = await runFault(bundle, fault)
        results.push(result)
        console.log(lineOf(result))
      } catch (error) {
        console.log(`FAIL ${fault.name}: ${error instanceof Error ? error.message : error}`)
      }
    }
  }
  const signals = setInterval(closeOnSignal, SIGNALS_EVERY_MS)
  const workers = Array.from({ length: choice.atOnce }, work)
  await Promise.all(workers)
  clearInterval(signals)
  const good = results.filter(({ isOk }) => isOk).length
  console.log(`\n${good} of ${choice.faults.length} told in time, seen, and over after repair.`)
  if (good < choice.faults.length) process.exitCode = 1
}

function lineOf(result: FaultResult): string {
  const { fault, kind, postedS, afterRuleS, limitS, seen, closedS, byHand, others, isOk } = result
  const told = `posted after ${postedS ?? '–'} s (${afterRuleS ?? '–'} of ${limitS} s by its rule)`
  const closed = `closed ${closedS ?? '–'} s after repair`
  const left = others === '' ? '' : `open besides: ${others}`
  const cells = [fault, kind, told, seen, closed, byHand, left]
  return `${isOk ? 'ok  ' : 'FAIL'} ${cells.filter((cell) => cell !== '').join(' | ')}`
}

try {
  await main()
} finally {
  await closeAll()
}
process.exit()
