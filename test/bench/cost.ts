// (d) What one alert costs on the platform: D1 rows from D1's own figures, queue messages as sent. Exact
// counts, the same on every machine.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Bundle } from '../support/bundle.ts'
import type { Database } from '../support/runtime.ts'
import { type Meter, type Stage, startStage } from '../support/stage.ts'
import { loginTable } from './bare-storage.ts'
import { closeAtEnd, closeOnSignal } from './closing.ts'
import { inParallel } from './open-loop.ts'

export type CostFigures = {
  readonly what: string
  readonly rowsWritten: number
  readonly rowsRead: number
  readonly queueMessages: number
}

const PHONE = '+4915123456789'
const AT_ONCE = 12
const SMS_TIMEOUT_MS = 10_000
/** Receipts of the simulated carriers have come, and all that follows from them is stored. */
const QUIET_MS = 2_500
const MONTH_MS = 30 * 24 * 3_600_000

/** `bundle` is the Worker under test: the one whose bindings count. */
export async function measureCost(
  bundle: Bundle,
  loginsBehind: number,
): Promise<readonly CostFigures[]> {
  // Each login is told by itself: what is gathered costs less, and comes ten minutes later.
  const settings = { ALERTS_PER_10_MINUTES: '1000', ALERTS_PER_DAY: '1000' }
  const stage = await startStage(bundle, { settings })
  const close = closeAtEnd(stage.close)
  closeOnSignal()
  const { exchange, phones } = stage.world
  const figures: CostFigures[] = []
  const count = async (what: string, run: () => Promise<void>) => {
    await stage.readMeter()
    await run()
    const { rowsWritten, rowsRead, queueSends } = await quietMeter(stage)
    figures.push({ what, rowsWritten, rowsRead, queueMessages: queueSends })
  }
  const alertOnce = async () => {
    const before = phones.messagesTo(PHONE).length
    const login = await exchange.login({ account_id: 'cost' })
    if (login.status !== 202) throw new Error(`the login was answered ${login.status}`)
    const isTold = () => phones.messagesTo(PHONE).length > before
    await phones.waitForMessage(PHONE, isTold, SMS_TIMEOUT_MS)
  }
  try {
    await exchange.api('PUT', '/v1/accounts/cost', { phone: PHONE })
    await count('first login: accepted, sent, two receipts', alertOnce)
    await count('login with 1 behind it', alertOnce)
    await inParallel(loginsBehind, AT_ONCE, async () => {
      await exchange.login({ account_id: 'cost' })
    })
    await quietMeter(stage)
    await count(`login with ${loginsBehind} behind it, all of the last ten minutes`, async () => {
      await exchange.login({ account_id: 'cost' })
    })
    await ageLogins(await stage.runtime.database(), 'cost')
    await count(`login with ${loginsBehind} behind it, a month old`, alertOnce)
    const webhookId = `msg_repeated_${process.pid}`
    await exchange.login({ account_id: 'unbound' }, { webhookId })
    await quietMeter(stage)
    await count('the same event again', async () => {
      await exchange.login({ account_id: 'unbound' }, { webhookId })
    })
    await count('login of an account without a number', async () => {
      await exchange.login({ account_id: 'unbound' })
    })
    return figures
  } finally {
    await close()
  }
}

/** What has been counted since the last reading, when nothing more is. */
async function quietMeter(stage: Stage): Promise<Meter> {
  let sum: Meter = { rowsRead: 0, rowsWritten: 0, d1Calls: 0, queueSends: 0 }
  let quietSince = Date.now()
  while (Date.now() - quietSince < QUIET_MS) {
    const meter = await stage.readMeter()
    if (meter.d1Calls > 0 || meter.queueSends > 0) quietSince = Date.now()
    sum = {
      rowsRead: sum.rowsRead + meter.rowsRead,
      rowsWritten: sum.rowsWritten + meter.rowsWritten,
      d1Calls: sum.d1Calls + meter.d1Calls,
      queueSends: sum.queueSends + meter.queueSends,
    }
    await sleep(100)
  }
  return sum
}

/** Puts every instant of the account's logins back by a month. */
async function ageLogins(database: Database, accountId: string): Promise<void> {
  const table = await loginTable(database)
  const row = await database.prepare(`SELECT * FROM ${table} LIMIT 1`).first()
  const instants = Object.keys(row ?? {}).filter((column) => column.endsWith('_at'))
  const changes = instants.map((column) => `${column} = ${column} - ${MONTH_MS}`).join(', ')
  await database
    .prepare(`UPDATE ${table} SET ${changes} WHERE account_id = ?`)
    .bind(accountId)
    .run()
}
