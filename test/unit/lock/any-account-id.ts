// Account ids of every kind a link packs in its own way, and of those that only look like it.

import fc from 'fast-check'

const anyUuid = fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7, 8] })

export const anyAccountId: fc.Arbitrary<string> = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/),
    fc.stringMatching(/^[_.:-]{1,64}$/),
    fc.stringMatching(/^\d{1,64}$/),
    fc.stringMatching(/^0{1,8}\d{0,8}$/),
    fc.stringMatching(/^[\da-f]{1,64}$/),
    anyUuid,
    anyUuid.map((uuid) => uuid.toUpperCase()),
    anyUuid.map((uuid) => uuid.replaceAll('-', '')),
    anyUuid.map((uuid) => `${uuid}0`),
  )
  .filter((id) => id !== '.' && id !== '..')
