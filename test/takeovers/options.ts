// The command line of the drills, read and explained.

import { parseArgs } from 'node:util'
import { type Choice, chooseBy, readNumber } from '../simulate/read-choice.ts'
import { POLICIES, type Policy } from './policies.ts'

export type Options = {
  readonly runs: number
  readonly seed: number
  readonly policies: readonly Policy[]
  /** Nobody acts on a notice. */
  readonly isSilent: boolean
  readonly isForDocs: boolean
}

const USAGE = `npm run takeovers -- [options]
  --runs N        takeovers, shared out evenly among the policies (${100 * POLICIES.length})
  --seed N        what people and their moments are drawn by (1); the same seed gives the same figures
  --silent        no owner acts on any notice, and cooling-off is on
  --policy NAME   this one alone; may be given more than once: ${POLICIES.map(({ name }) => `"${name}"`).join(', ')}
  --docs          also writes docs/takeovers.md and its chart
  --help          show this text

Each takeover is the real Worker, the example exchange and a phone in virtual time: about 0.06 s of one core.
10,000 take some ten minutes.`

export const readChoice = (args: readonly string[]): Choice<Options> =>
  chooseBy(args, USAGE, readOptions)

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: String(100 * POLICIES.length) },
      seed: { type: 'string', default: '1' },
      silent: { type: 'boolean', default: false },
      policy: { type: 'string', multiple: true, default: [] },
      docs: { type: 'boolean', default: false },
    },
  })
  if (values.docs && (values.silent || values.policy.length > 0)) {
    throw new Error('--docs tells of all policies and of all owners')
  }
  return {
    runs: readNumber('runs', values.runs, /^[1-9]\d{0,5}$/),
    seed: readNumber('seed', values.seed, /^\d{1,6}$/),
    policies: choosePolicies(values.policy, values.silent),
    isSilent: values.silent,
    isForDocs: values.docs,
  }
}

function choosePolicies(names: readonly string[], isSilent: boolean): readonly Policy[] {
  const unknown = names.find((name) => !POLICIES.some((policy) => policy.name === name))
  if (unknown !== undefined) throw new Error(`there is no policy ${unknown}`)
  return POLICIES.filter(
    ({ name, coolingOffHours }) =>
      (names.length === 0 || names.includes(name)) && !(isSilent && coolingOffHours === 0),
  )
}
