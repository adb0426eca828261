// LOCK_ACTIONS: what every lock asks the exchange for, beside the two that make it one.

import { ok } from '../lib/result.ts'
import { listBy, optional } from '../lib/setting-kinds.ts'
import { type SettingKind, setting } from '../lib/settings.ts'
import {
  ALWAYS_ASKED,
  LOCK_ACTION_NAMES,
  type LockAction,
  parseLockActions,
} from './lock-actions.ts'

const listed = optional(listBy(parseLockActions))

const lockActions: SettingKind<readonly LockAction[]> = {
  ...listed,
  fallback: ALWAYS_ASKED.join(' '),
  read: (value, context) => {
    const given = listed.read(value, context)
    return given.ok ? ok(given.value ?? ALWAYS_ASKED) : given
  },
}

const more = LOCK_ACTION_NAMES.filter((action) => !ALWAYS_ASKED.includes(action))

export const LOCK_SETTINGS = {
  lockActions: setting('LOCK_ACTIONS', lockActions, {
    help: `list of what a lock [asks of the exchange](docs/integration.md#what-a-lock-asks-for): the two of the default always, and of these what you choose: ${more.map((action) => `\`${action}\``).join(' ')}. Name none before the exchange carries it out and says so`,
  }),
}
