// The simulator keeps its word: the same seed gives the same log, the Worker as it stands passes, and a Worker
// with a bug planted in it does not. All seeds and all bugs are `npm run simulate`'s.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { eq, inArray, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { describe, expect, it } from 'vitest'
import { logins } from '../../../src/login/tables.ts'
import { createPlanValues } from '../../simulate/machine/plan-values.ts'
import { readQueues } from '../../simulate/machine/queue-settings.ts'
import { shortenToQuery } from '../../simulate/machine/sql-text.ts'
import { PLANTED_BUGS } from '../../simulate/planted/planted-bugs.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PATIENCE_MS = 120_000

function simulate(...args: string[]) {
  const command = ['--import', './tools/require-node.mjs', 'test/simulate/main.ts', ...args]
  const { status, stdout } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' })
  return { status, stdout }
}

describe('the simulator', () => {
  it('gives the same log twice, and finds nothing wrong', { timeout: PATIENCE_MS }, () => {
    const { status, stdout } = simulate('--seed', '3', '--runs', '2', '--hours', '0.05', '--twice')
    expect(stdout).toContain('2 seeds, 0 failed')
    // One of the two rotates every secret.
    expect(stdout).not.toContain('(secrets_rotated)')
    expect(status).toBe(0)
  })

  it('catches each of three planted bugs', { timeout: PATIENCE_MS }, () => {
    const names = ['accepted-before-stored', 'outbox-row-forgotten', 'hold-not-stored']
    const { status, stdout } = simulate(
      ...['--planted', '--runs', '10'],
      ...names.flatMap((name) => ['--only', name]),
    )
    for (const name of names) expect(stdout).toMatch(new RegExp(`^${name} +seed \\d+: `, 'm'))
    expect(stdout).toContain('3 of 3 planted bugs caught')
    expect(status).toBe(0)
  })

  const changes = PLANTED_BUGS.flatMap(({ name, changes }) =>
    changes.map((change) => ({ name, ...change })),
  )
  it.each(changes)('finds the place of $name in $file', ({ file, find }) => {
    const source = readFileSync(new URL(`../../../src/${file}`, import.meta.url), 'utf8')
    expect(source.split(find)).toHaveLength(2)
  })

  it('writes into a text the values that it is planned by, and no others', () => {
    const withPlanValues = createPlanValues(['state'])
    const text = 'SELECT ? FROM t WHERE "t"."state" = ? AND "t"."estate" = ? LIMIT ? OFFSET ?'
    expect(withPlanValues({ text, values: ['a', "o'pen", 'b', 5, null] })).toEqual({
      text: `SELECT ? FROM t WHERE "t"."state" = 'o''pen' AND "t"."estate" = ? LIMIT 5 OFFSET ?`,
      values: ['a', 'b', null],
    })
    const numbered = { text: 'SELECT ?1 FROM t LIMIT ?', values: [1, 2] }
    expect(withPlanValues(numbered)).toEqual(numbered)
  })

  it('makes the texts that drizzle makes', () => {
    const db = drizzle(async () => ({ rows: [] }))
    const newest = db.select({ seq: logins.seq }).from(logins).where(eq(logins.accountId, 'a'))
    const texts = () =>
      [
        newest.limit(1),
        db.delete(logins).where(eq(logins.attempts, sql.placeholder('attempts'))),
        db.update(logins).set({ attempts: [], country: null, isOpen: false }),
        db.delete(logins).where(inArray(logins.seq, newest)),
        db.delete(logins).where(inArray(logins.seq, [1, 2])),
        db.delete(logins).where(sql`seq = ${1}`.inlineParams()),
        db.select({ top: sql`max(${logins.seq})`.as('top') }).from(newest.as('newest')),
      ].map((statement) => statement.toSQL())
    const before = texts()
    shortenToQuery()
    expect(texts()).toEqual(before)
    expect(texts()).toEqual(before)
  })

  it('reads the queues as wrangler.toml has them', () => {
    const { consumers, producers } = readQueues()
    const alerts = consumers.find(({ name }) => name === 'alerts')
    expect(alerts).toMatchObject({
      maxBatchSize: 6,
      maxBatchTimeoutMs: 0,
      deadLetterQueue: 'alerts-dead',
    })
    const names = consumers.map(({ name }) => name)
    for (const queue of producers.values()) expect(names).toContain(queue)
  })
})
