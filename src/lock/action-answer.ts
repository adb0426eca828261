// What the exchange's 2xx to an `account.locked` says of single actions. Pure and total: whatever comes is one of three, and
// what looks like an answer to actions but cannot be read confirms none of them.

import { utf8 } from '../lib/base64.ts'
import { parseJson } from '../lib/json.ts'
import { inOrder, isLockAction, type LockAction } from './lock-actions.ts'

/** Far more than all names take. What is longer is cut, and no more of it is waited for. */
export const ACTION_ANSWER_MAX_BYTES = 4_096

export type ActionAnswer =
  /** Nothing is said of single actions: the 2xx is meant for all. */
  | { readonly kind: 'all' }
  | {
      readonly kind: 'some'
      /** Done wins where both are said. */
      readonly done: readonly LockAction[]
      readonly failed: readonly LockAction[]
      /** Names that are none of ours; shortened, a few. */
      readonly unknown: readonly string[]
    }
  /** Speaks of actions, or of another lock, and cannot be taken at its word. */
  | { readonly kind: 'unreadable' }

/** `body` as read with one byte more than the bound allows, so that one that was cut is known. */
export function readActionAnswer(body: string, lockId: string): ActionAnswer {
  const isCut = utf8(body).length > ACTION_ANSWER_MAX_BYTES
  const json = isCut ? null : parseJson(body)
  if (json === null || typeof json !== 'object') {
    return SPEAKS_OF_ACTIONS.test(body) ? { kind: 'unreadable' } : { kind: 'all' }
  }
  const said = new Map<string, unknown>(Object.entries(json))
  if (!said.has('done') && !said.has('failed')) {
    return SPEAKS_ELSEWHERE.test(body) ? { kind: 'unreadable' } : { kind: 'all' }
  }
  const named = said.get('lock_id')
  const done = namesOf(said.get('done'))
  const failed = namesOf(said.get('failed'))
  const isOfAnother = named !== undefined && named !== lockId
  if (isOfAnother || done === null || failed === null) return { kind: 'unreadable' }
  const isDone = new Set(done)
  return {
    kind: 'some',
    done: inOrder(done.filter(isLockAction)),
    failed: inOrder(failed.filter(isLockAction).filter((name) => !isDone.has(name))),
    unknown: unknownOf([...done, ...failed]),
  }
}

/** No object, or cut: it may have been meant as one that says less than all. JSON within JSON has its quotes escaped. */
const SPEAKS_OF_ACTIONS = /["'](?:done|failed)\\*["']/i

/** JSON that names them within something else or in capitals, or says that it failed; but `"status":"done"` says all. */
const SPEAKS_ELSEWHERE = /"(?:done\\*"\s*:|failed\\*")/i

function namesOf(value: unknown): readonly string[] | null {
  if (value === undefined) return []
  if (!Array.isArray(value)) return null
  const names = value.filter((name) => typeof name === 'string')
  return names.length === value.length ? names : null
}

const UNKNOWN_MAX = 5
const UNKNOWN_LENGTH_MAX = 40

/** For a log line: whoever misspells an action has to see how. What is no name of that kind is not repeated. */
function unknownOf(names: readonly string[]): readonly string[] {
  const unknown = names.filter((name) => !isLockAction(name))
  return unknown
    .slice(0, UNKNOWN_MAX)
    .map((name) => (/^[a-z_.]+$/.test(name) ? name.slice(0, UNKNOWN_LENGTH_MAX) : '?'))
}
