// (d) What one alert costs on the platform: D1 rows from D1's own figures, queue messages as sent. Exact
// counts, the same on every machine.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Bundle } from '../support/bundle.ts'
import { type Meter, startStage } from '../support/stage.ts'

export type CostFigures = {
  readonly what: string
  readonly rowsWritten: number
  readonly rowsRead: number
  readonly queueMessages: number
}

const PHONE = '+447400123456'
/** Receipts of the simulated carriers come within this. */
const RECEIPTS_MS = 1_500

/** `bundle` is the Worker under test: the one whose bindings count. */
export async function measureCost(
  bundle: Bundle,
  loginsBehind: number,
): Promise<readonly CostFigures[]> {
  const stage = await startStage(bundle)
  const { exchange, phones } = stage.world
  const figures: CostFigures[] = []
  const note = (what: string, meter: Meter) => {
    const { rowsWritten, rowsRead, queueSends } = meter
    figures.push({ what, rowsWritten, rowsRead, queueMessages: queueSends })
  }
  const alertOnce = async (what: string) => {
    const before = phones.messagesTo(PHONE).length
    await stage.readMeter()
    const login = await exchange.login({ account_id: 'cost' })
    if (login.status !== 202) throw new Error(`the login was answered ${login.status}`)
    await phones.waitForMessage(PHONE, () => phones.messagesTo(PHONE).length > before, 5_000)
    await sleep(RECEIPTS_MS)
    note(what, await stage.readMeter())
    return login.webhookId
  }
  try {
    await exchange.api('PUT', '/v1/accounts/cost', { phone: PHONE })
    await alertOnce('first login: accepted, sent, two receipts')
    const webhookId = await alertOnce('login with 1 behind it: accepted, sent, two receipts')

    const database = await stage.runtime.database()
    await database.exec(fillSql(loginsBehind))
    // One more, not shown, so that one session is live before it, as above.
    await alertOnce('')
    figures.pop()
    await alertOnce(`login with ${loginsBehind} behind it: accepted, sent, two receipts`)

    await exchange.login({ account_id: 'cost' }, { webhookId })
    await sleep(200)
    note('the same event again', await stage.readMeter())

    await exchange.login({ account_id: 'unbound' })
    note('login of an account without a number', await stage.readMeter())
    return figures
  } finally {
    await stage.close()
  }
}

/** Old, ended, delivered logins below the newest one, in one statement. */
function fillSql(count: number): string {
  return `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) INSERT INTO logins (account_id, seq, alert_id, session_id, occurred_at, received_at, ip_tail, is_parallel, session_ended_at, session_end, live_seqs, alert_count, alert_number, state, is_open, attempts) SELECT 'cost', 100 + i, 'fill' || i, 'fill' || i, 1, 1, '0.1', 0, 2, 'ended', '[]', 2 + i, 2 + i, 'delivered', 0, '[]' FROM n`
}
