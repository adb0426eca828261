// The list of the owner's pages is whole: what answers a GET within a visit is on it, or is no page.

import { expect, it } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { OWNERS_PAGES } from '../../../src/portal/pages.ts'
import { portalRoutes } from '../../../src/portal/routes.ts'

const FILES: readonly string[] = [
  paths.portalLoginsCsv,
  paths.portalHoldReceipt,
  paths.portalPushScript,
  paths.portalPasskeyScript,
]

it('has every page, and no page twice', () => {
  const answered = portalRoutes.routes.filter(({ method }) => method === 'GET')
  const shown = answered.map(({ path }) => path).filter((path) => !FILES.includes(path))
  expect(OWNERS_PAGES.map(({ path }) => path).sort()).toEqual([...new Set(shown)].sort())
})
