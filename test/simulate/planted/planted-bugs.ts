// All planted bugs. A new one goes into the list of its part of the Worker, and nowhere else.

import { DELIVERY_BUGS } from './delivery-bugs.ts'
import { HOLD_BUGS } from './hold-bugs.ts'
import { KEY_BUGS } from './key-bugs.ts'
import { LOCK_BUGS } from './lock-bugs.ts'
import { MOVE_BUGS } from './move-bugs.ts'
import type { PlantedBug } from './planted-bug.ts'
import { WAY_BUGS } from './way-bugs.ts'

export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...DELIVERY_BUGS,
  ...LOCK_BUGS,
  ...KEY_BUGS,
  ...HOLD_BUGS,
  ...MOVE_BUGS,
  ...WAY_BUGS,
]
