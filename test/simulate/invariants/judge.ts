// All invariants over one ledger. A new one goes into the list, and nowhere else.

import type { Ledger } from '../ledger.ts'
import { type Counter, noteStory } from '../sometimes.ts'
import { doneIsFinal, doneIsSaid, saidIsDone } from './actions.ts'
import {
  activitiesAreNoLogins,
  activitiesAreTold,
  strangersAreBounded,
  strangersHoldNothing,
} from './activities.ts'
import { acceptedIsTold, calmIsQuick, numbersAreGapless, shownIsEvidence } from './alerts.ts'
import { callbacksWereAskedFor, everyCallbackIsConfirmed } from './callbacks.ts'
import {
  heldIsTold,
  holdIsNotDenied,
  holdsAreToldOnce,
  noHoldIsExtended,
  noHoldIsMissing,
  noHoldIsUnasked,
  plannedIsKept,
} from './holds.ts'
import type { Invariant, Violation } from './invariant.ts'
import {
  dueIsMade,
  endIsDone,
  nobodyLiftsForTheOwner,
  releasedByAnOldProof,
  stoppedIsKept,
} from './lifts.ts'
import {
  furtherLockIsBounded,
  holdAnswersRemember,
  nobodyIsLockedUnasked,
  noHoldIsLonger,
  noLinkIsRefused,
  noLockIsLost,
} from './locks.ts'
import { lockEndsAllSessions } from './sessions.ts'
import { statesGoForward } from './states.ts'
import { oneWebhookOneAlert, stopIsKept } from './stops.ts'
import { askedIsTold, endIsTold, putOffIsTold } from './told-lifts.ts'
import { nobodyIsToldTwice } from './twice.ts'
import { falseLockIsTheLast, oneWhileItStands } from './ways.ts'

const everythingIsDrained: Invariant = {
  name: 'everything-is-drained',
  why: 'when nothing fails any more, nothing may stay undone: no message, no invocation, nobody still insisting',
  check: ({ leftOver }) => leftOver.map((what) => ({ subject: what, what })),
}

export const INVARIANTS: readonly Invariant[] = [
  acceptedIsTold,
  numbersAreGapless,
  statesGoForward,
  shownIsEvidence,
  nobodyIsToldTwice,
  oneWebhookOneAlert,
  stopIsKept,
  noLockIsLost,
  noLinkIsRefused,
  noHoldIsLonger,
  furtherLockIsBounded,
  nobodyIsLockedUnasked,
  holdAnswersRemember,
  lockEndsAllSessions,
  doneIsSaid,
  doneIsFinal,
  saidIsDone,
  noHoldIsMissing,
  noHoldIsUnasked,
  holdsAreToldOnce,
  noHoldIsExtended,
  holdIsNotDenied,
  heldIsTold,
  plannedIsKept,
  releasedByAnOldProof,
  nobodyLiftsForTheOwner,
  stoppedIsKept,
  dueIsMade,
  endIsDone,
  endIsTold,
  putOffIsTold,
  askedIsTold,
  falseLockIsTheLast,
  oneWhileItStands,
  activitiesAreTold,
  activitiesAreNoLogins,
  strangersAreBounded,
  strangersHoldNothing,
  callbacksWereAskedFor,
  everyCallbackIsConfirmed,
  calmIsQuick,
  everythingIsDrained,
]

export type Verdict = Violation & Pick<Invariant, 'name' | 'why'>

export function judge(ledger: Ledger, counter: Counter): readonly Verdict[] {
  noteStory(counter, ledger)
  return INVARIANTS.flatMap(({ name, why, check }) =>
    check(ledger, counter).map((violation) => ({ ...violation, name, why })),
  )
}
