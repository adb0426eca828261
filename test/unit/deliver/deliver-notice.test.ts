// A notice that no sender may bring has failed, and is not said to be on its way until it is too old.

import { expect, it, vi } from 'vitest'
import { sealField } from '../../../src/account/accounts.ts'
import type { DeliverContext } from '../../../src/deliver/deliver-context.ts'
import { deliverNotice } from '../../../src/deliver/deliver-notice.ts'
import { findNotice, insertNotice } from '../../../src/notice/notices.ts'
import { createBreakerBoard } from '../../../src/routing/breaker-board.ts'
import { createRouteMemory } from '../../../src/routing/route-memory.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { randomBytes } from '../../support/ports.ts'
import { ID, ownerPages } from '../portal/owner-pages.ts'

it.each([
  ['+6591234567', 'failed'],
  ['+819012345678', 'accepted'],
] as const)('a code to %s has %s at once', async (e164, state) => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const { context, config, db, clock } = await ownerPages()
  const phoneSealed = await sealField(randomBytes, config.dataKeys, ID, 'phone', e164)
  const key = { accountId: ID, noticeId: 'ntc_1' }
  await insertNotice(db, { ...key, kind: 'code', phoneSealed, subject: 'bnd_1' }, clock.now)
  const delivering = {
    ...context,
    routing: createRouteMemory(),
    breakers: createBreakerBoard(),
    watch: createWatchMemory(),
  } as unknown as DeliverContext
  expect(await deliverNotice(delivering, key)).toBeNull()
  expect((await findNotice(db, key))?.state).toBe(state)
  vi.restoreAllMocks()
})
