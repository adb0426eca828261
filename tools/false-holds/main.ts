// `npm run false-holds`: how often owners' own logins would hold withdrawals.

import { OWNERS, renderFalseHolds, renderHabits, SEED } from './render.ts'

const [owners = OWNERS, seed = SEED] = process.argv.slice(2).map(Number)
if (!Number.isInteger(owners) || owners < 1 || !Number.isInteger(seed)) {
  console.error('npm run false-holds -- [owners, default 2000] [seed, default 1]')
  process.exitCode = 2
} else {
  console.log(`${renderHabits()}\n\n${renderFalseHolds(owners, seed)}`)
}
