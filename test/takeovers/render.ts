// The figures as tables. Pure; docs/takeovers.md and the terminal show the same.

import {
  GUISES,
  type Guise,
  OCCASION_WEIGHTS,
  OCCASIONS,
  type Occasion,
  OWNERS,
  type OwnerKind,
  THIEVES,
  type ThiefKind,
} from './assumptions.ts'
import type { Figures, Lost } from './figures.ts'
import { TRIALS, type TrialKind } from './trials.ts'

export const THIEF_NAMES: Readonly<Record<ThiefKind, string>> = {
  password: '1 password',
  session: '2 password and an open session',
  sms: '3 and reads the SMS',
  sim: '4 has the number (SIM swap)',
  insider: '5 insider with an API key of Lockline',
  phone: '6 the owner’s unlocked phone',
}

const GUISE_NAMES: Readonly<Record<Guise, string>> = {
  abroad: 'from abroad, on a device of his own, by hand',
  worst:
    'the worst case: same country, copied device, a residential proxy of another operator, by script',
  same_network: 'the same, from the owner’s operator and /16',
  owners_address: 'the same, and to an address that the owner had added long before',
}

const TRIAL_NAMES: Readonly<Record<TrialKind, string>> = {
  plants_passkey: 'adds a passkey of his own, and says “it was me” by it',
  plants_app: 'the same with an authenticator app',
  plants_passkey_waits: 'adds a passkey, is not found out, and takes the money 73 hours later',
  plants_app_waits: 'the same with an authenticator app',
  returns_early:
    'is locked out, and comes back an hour before the lock’s hold ends: the exchange takes no new address then',
  returns: 'is locked out, and comes back an hour after it ended',
  lift_stopped:
    'has the delayed lift asked for; the owner taps its stop link, each in their own time',
  lift_unstopped: 'the same, and nobody stops it',
  plants_passkey_beside:
    'of an owner with a passkey: adds none of his own, whatever code he types, and takes the money 73 hours later',
  plants_app_beside: 'the same with an authenticator app',
  removes_passkey:
    'removes that passkey by a code, adds one of his own, and says “it was me” by it',
  removes_passkey_waits: 'the same, is not found out, and takes the money 73 hours later',
}

export function renderAll(all: readonly Figures[]): string {
  return [
    '### Money lost, by thief',
    '',
    'Of 100 thefts: money gone **within the hours** of cooling-off · later, since nobody did anything. To an address of the thief’s.',
    '',
    byPolicy(
      all,
      'thief',
      THIEVES,
      (kind) => THIEF_NAMES[kind],
      ({ byThief }, kind) => byThief[kind],
    ),
    '',
    '### Money lost, by how he comes in',
    '',
    'Thieves 1–4. Who rides on an open session makes no login: for him only the address counts, and the script.',
    '',
    byPolicy(
      all,
      'he comes',
      GUISES,
      (kind) => GUISE_NAMES[kind],
      ({ byGuise }, kind) => byGuise[kind],
    ),
    '',
    '### Money lost, by owner',
    '',
    'Of owners who act on the text that tells of thieves 1 and 2.',
    '',
    byPolicy(
      all,
      'owner',
      OWNERS,
      (kind) => kind,
      ({ byOwner }, kind) => byOwner[kind],
    ),
    '',
    '### Those who outwait the hours',
    '',
    'Thieves 1–4, to an address of their own, and an owner who does nothing at all.',
    '',
    ...silentTable(all),
    '',
    '### After one tap',
    '',
    'Session, API key, waiting withdrawal, address and order at the exchange, of owners who lock before the money is gone.',
    '',
    ...lockTable(all),
    '',
    '### The insider',
    '',
    'With a key of every scope that touches an account, `holds.lift` named, and whatever thief 1 has. He lifts, takes the number away, sets a new authenticator.',
    '',
    ...insiderTable(all),
    '',
    '### Those who do more than take it at once',
    '',
    'To an address of the thief’s, by script, from the act by which he wants the money. Who plants a proof has a session and reads the SMS, and nobody else does; who comes back finds the password unchanged and nobody who acts again; the lift is asked for by an insider, of an owner with a passkey.',
    '',
    byPolicy(
      all,
      'he',
      TRIALS,
      (kind) => TRIAL_NAMES[kind],
      ({ trials }, kind) => trials[kind],
    ),
    '',
    '### The owner’s own withdrawals',
    '',
    ...ownTable(all),
    '',
    'Held falsely, of 100 own withdrawals of an owner, by how often each logs in how:',
    '',
    ...falseHolds(all),
  ].join('\n')
}

function byPolicy<Row extends string>(
  all: readonly Figures[],
  head: string,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  lostOf: (figures: Figures, row: Row) => Lost,
): string {
  const first = all[0]
  return table(
    [head, 'thefts each', ...all.map(({ policy }) => policy.name)],
    rows.map((row) => [
      nameOf(row),
      first ? String(Math.max(...all.map((figures) => lostOf(figures, row).thefts))) : '',
      ...all.map((figures) => lostCell(figures, lostOf(figures, row))),
    ]),
  ).join('\n')
}

function lostCell({ policy }: Figures, { thefts, within, later }: Lost): string {
  if (thefts === 0) return '–'
  if (policy.coolingOffHours === 0) return percent(within, thefts)
  return `**${percent(within, thefts)}** · ${percent(later, thefts)}`
}

function silentTable(all: readonly Figures[]): readonly string[] {
  const held = all.filter(({ policy }) => policy.coolingOffHours > 0)
  return table(
    ['policy', 'thefts', 'released within the hours', 'outwait them and have the money'],
    held.map(({ policy, silent }) => [
      policy.name,
      String(silent.thefts),
      `**${silent.within}**`,
      String(silent.later),
    ]),
  )
}

function lockTable(all: readonly Figures[]): readonly string[] {
  return table(
    ['policy', 'locks in time', 'all five gone', 'the last of five gone after, at most'],
    all.map(({ policy, locks }) => [
      policy.name,
      String(locks.count),
      String(locks.clean),
      locks.count === 0 ? '–' : duration(locks.slowestMs),
    ]),
  )
}

const OCCASION_NAMES: Readonly<Record<Occasion, string>> = {
  usual: 'as ever',
  network: 'from a new network in the same country',
  abroad: 'from abroad',
  phone: 'on a new phone, at home',
}

function ownTable(all: readonly Figures[]): readonly string[] {
  const rows = all.flatMap(({ policy, own }) =>
    OCCASIONS.map((occasion) => {
      const { withdrawals, held, heldMs, releasedMs, mostTaps } = own[occasion]
      return [
        policy.name,
        OCCASION_NAMES[occasion],
        `${held} of ${withdrawals}`,
        releasedMs.length === 0
          ? '–'
          : `${duration(middle(releasedMs))}, ${duration(releasedMs.at(-1) ?? 0)} at most; ${mostTaps} taps`,
        heldMs.length === 0 ? '–' : duration(middle(heldMs)),
      ]
    }),
  )
  const head = ['policy', 'logged in', 'held', 'out with a passkey, from the login', 'out without']
  return table(head, rows)
}

function falseHolds(all: readonly Figures[]): readonly string[] {
  return table(
    ['policy', ...OWNERS],
    all.map((figures) => [
      figures.policy.name,
      ...OWNERS.map((owner) => percent(falseHoldShare(figures, owner), 1)),
    ]),
  )
}

/** What is measured for each occasion, by how often an owner has it. */
export function falseHoldShare({ own }: Figures, owner: OwnerKind): number {
  const weights = OCCASION_WEIGHTS[owner]
  const shares = OCCASIONS.map((occasion) => {
    const { held, withdrawals } = own[occasion]
    return (weights[occasion] * held) / Math.max(1, withdrawals)
  })
  const whole = OCCASIONS.reduce((sum, occasion) => sum + weights[occasion], 0)
  return shares.reduce((sum, share) => sum + share, 0) / whole
}

function insiderTable(all: readonly Figures[]): readonly string[] {
  return table(
    ['policy', 'lost within the hours, owner with a passkey', 'and without'],
    all.map(({ policy, insider: { withPasskey, without } }) => [
      policy.name,
      `**${withPasskey.within}** of ${withPasskey.thefts}`,
      `${without.within} of ${without.thefts}`,
    ]),
  )
}

const middle = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)] ?? 0

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** A little is never said to be nothing, nor nearly all to be all. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–'
  const share = (100 * part) / whole
  if (part > 0 && share < 0.5) return '<1 %'
  if (part < whole && share > 99.5) return '>99 %'
  return `${Math.round(share)} %`
}

export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`
  return `${(ms / 3_600_000).toFixed(1)} h`
}
