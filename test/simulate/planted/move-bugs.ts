// Planted where slots move from one database to another while all goes on.

import type { PlantedBug } from './planted-bug.ts'

export const MOVE_BUGS: readonly PlantedBug[] = [
  {
    name: 'changed-and-not-copied',
    harm: 'what came while the slot was copied is gone: a lock, a login, that an alert was sent',
    changes: [
      {
        file: 'ops/slots/slot-changes.ts',
        find: 'return found?.results ?? []',
        replace: 'return found?.results.slice(0, 0) ?? []',
      },
    ],
  },
  {
    name: 'left-where-it-was',
    harm: 'an account that is erased is still there where its slot was once, with its number, and nothing ever deletes it',
    changes: [
      {
        file: 'ops/sweep.ts',
        find: "? [{ body: { kind: 'leftovers', after: -1, ...fields } } as const]",
        replace: '? []',
      },
    ],
  },
]
