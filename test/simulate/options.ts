// The command line of the simulator, read and explained.

import { parseArgs } from 'node:util'
import { type Choice, chooseBy, readNumber } from './read-choice.ts'

export type Options = {
  readonly seed: number
  readonly runs: number
  /** How long the faults last, in virtual hours. */
  readonly hours: number
  readonly isPlanted: boolean
  /** Of the planted bugs, these only; empty for all. */
  readonly only: readonly string[]
  /** The whole log of each seed, not only the end of a failing one. */
  readonly isVerbose: boolean
  /** Each seed twice: both logs must be the same. */
  readonly isTwice: boolean
  /** Two databases in each seed, slots moving between them. */
  readonly isMoving: boolean
}

const USAGE = `npm run simulate -- [options]
  --seed N     first seed (1)
  --runs M     how many seeds (1)
  --hours H    virtual hours with faults, before the calm (0.15)
  --planted    plant each known bug and see it caught, from --seed on within --runs seeds (200)
  --only NAME  of the planted bugs, this one; may be given more than once
  --twice      run each seed twice and compare the logs
  --moves      two databases in every seed, and slots that move between them
  --verbose    print the whole log
  --help       show this text`

const DEFAULT_HOURS = 0.15
const PLANTED_RUNS = '200'

export const readChoice = (args: readonly string[]): Choice<Options> =>
  chooseBy(args, USAGE, readOptions)

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string' },
      hours: { type: 'string', default: String(DEFAULT_HOURS) },
      planted: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      twice: { type: 'boolean', default: false },
      moves: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  })
  if (values.only.length > 0 && !values.planted) throw new Error('--only goes with --planted')
  return {
    seed: readNumber('seed', values.seed, /^\d{1,9}$/),
    runs: readNumber(
      'runs',
      values.runs ?? (values.planted ? PLANTED_RUNS : '1'),
      /^[1-9]\d{0,6}$/,
    ),
    hours: readNumber('hours', values.hours, /^\d{1,3}(\.\d{1,3})?$/),
    isPlanted: values.planted,
    only: values.only,
    isVerbose: values.verbose,
    isTwice: values.twice,
    isMoving: values.moves,
  }
}
