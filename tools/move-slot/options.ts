// The command line of `npm run move-slot`, and what stands in the environment in its place. Total; says what is wrong, and of the
// key never what it is.

import { parseArgs } from 'node:util'
import { parseSlots, SHARD_NAME } from '../../src/lib/shard-map.ts'

export type MoveSlotOptions = {
  readonly slots: readonly number[]
  /** The binding of the database that is to have them. */
  readonly to: string
  readonly reason: string
  readonly url: string
  readonly key: string
}

export type MoveSlotChoice =
  | { readonly kind: 'run'; readonly options: MoveSlotOptions }
  | { readonly kind: 'say'; readonly text: string; readonly exitCode: 0 | 2 }

export const MOVE_SLOT_HELP = `Usage: npm run move-slot -- --slots 128-255 --to DB_1

  --slots S     which: numbers and ranges from 0 to 255, 128-255 or 7,9,11-13
  --to NAME     the binding of the database that is to have them
  --reason R    for the record of what was done by hand
  --url U       the Worker; else LOCKLINE_URL, else http://localhost:8787
  --key K       a key with the scope ops.act; else LOCKLINE_OPS_KEY, else that of npm start
  --help        show this text

One slot after the other. While a slot is copied, its accounts are served. At the end it is frozen for some calls of D1:
then its logins and taps wait in the queue, and GET …/hold is answered 503. Stopped half-way, run it again. To the database
that has a slot already: nothing happens, or it stays there. Ends with 0 when all were moved, 1 when one was not, 2 when the
command is not understood.`

const LOCAL_URL = 'http://localhost:8787'

/**
 * @param environment LOCKLINE_URL and LOCKLINE_OPS_KEY of it
 * @param startKey of `npm start`; null where it has made none
 */
export function readMoveSlotOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  startKey: string | null,
): MoveSlotChoice {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        slots: { type: 'string' },
        to: { type: 'string' },
        reason: { type: 'string', default: 'npm run move-slot' },
        url: { type: 'string' },
        key: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { kind: 'say', text: MOVE_SLOT_HELP, exitCode: 0 }
    if (values.slots === undefined) return refused('--slots is missing')
    const slots = parseSlots(values.slots)
    if (slots === null) {
      const wanted = 'numbers and ranges from 0 to 255, like 128-255 or 7,9,11-13'
      return refused(`--slots must be ${wanted}, not ${JSON.stringify(values.slots)}`)
    }
    const { to } = values
    if (to === undefined) return refused('--to is missing')
    if (!SHARD_NAME.test(to)) {
      return refused(`--to must be DB, or DB_ and a number up to 99, not ${JSON.stringify(to)}`)
    }
    if (values.reason.trim() === '') return refused('--reason is empty')
    const url = given('--url', values.url, 'LOCKLINE_URL', environment) ?? LOCAL_URL
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      return refused(
        `${JSON.stringify(url)} is no address: --url and LOCKLINE_URL are like ${LOCAL_URL}`,
      )
    }
    const key = given('--key', values.key, 'LOCKLINE_OPS_KEY', environment) ?? startKey
    if (key === null) {
      return refused(
        'there is no key: give --key or LOCKLINE_OPS_KEY; npm start has made none here',
      )
    }
    if (!/^[\x21-\x7e]+$/.test(key)) return refused('the key must be printable ASCII, no spaces')
    return { kind: 'run', options: { slots, to, reason: values.reason, url, key } }
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
}

/**
 * The option, or else the variable, without white space around it.
 * @throws where the one that is given says nothing: whoever meant it to would not have another stand in
 */
function given(
  option: string,
  value: string | undefined,
  variable: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const [name, text] = value === undefined ? [variable, environment[variable]] : [option, value]
  if (text?.trim() === '') throw new Error(`${name} is empty`)
  return text?.trim()
}

function refused(problem: string): MoveSlotChoice {
  return { kind: 'say', text: `${problem}\n\n${MOVE_SLOT_HELP}`, exitCode: 2 }
}
