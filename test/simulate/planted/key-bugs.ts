// Planted where keys are rotated: tried, sealed anew, dropped.

import type { PlantedBug } from './planted-bug.ts'

export const KEY_BUGS: readonly PlantedBug[] = [
  {
    name: 'older-keys-not-tried',
    harm: 'whatever the key before has sealed opens to nothing, from the day of the rotation',
    changes: [
      {
        file: 'lib/seal.ts',
        find: 'for (const secret of keys) {',
        replace: 'for (const secret of keys.slice(0, 1)) {',
      },
    ],
  },
  {
    name: 'sealed-anew-and-not-stored',
    harm: 'the walk says that nothing holds the old key, and when it is dropped every number is lost',
    changes: [
      {
        file: 'account/reseal.ts',
        find: 'if (own.some(isAnew)) {',
        replace: 'if (own.length === 0) {',
      },
    ],
  },
  {
    name: 'older-links-not-taken',
    harm: 'a link that was sent before the rotation locks nothing',
    changes: [
      {
        file: 'lock/link.ts',
        find: 'for (const key of keys) {',
        replace: 'for (const key of keys.slice(0, 1)) {',
      },
    ],
  },
]
