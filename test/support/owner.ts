// What the flow tests need over and over: an account owner with a number of their own, and the
// answers of the REST API read into shapes. Adds nothing to what the exchange could do itself.

import * as v from 'valibot'
import type { PhoneMessage } from '../world/phone-network.ts'
import type { Answer } from '../world/told.ts'
import { runSql, tableNames, type Value } from './sql.ts'
import { eventually, type Stage } from './stage.ts'

export type Owner = { readonly id: string; readonly phone: string }

const AREA_CODES = [
  202, 212, 213, 214, 303, 305, 312, 313, 404, 408, 410, 412, 413, 414, 503, 505, 512, 513, 602,
  603,
]
const NUMBERS_EACH = 80
let owners = 0

/** An id and a fictional number nobody else in this file has; nothing is imported yet. */
export function newOwner(): Owner {
  const area = AREA_CODES[Math.floor(owners / NUMBERS_EACH)]
  if (area === undefined) throw new Error('no fictional numbers are left')
  const phone = `+1${area}55501${String(20 + (owners % NUMBERS_EACH)).padStart(2, '0')}`
  owners += 1
  return { id: `owner-${owners}`, phone }
}

/** Imports a fresh owner; `change` may hold any other field of the import, or another number. */
export async function importOwner(
  stage: Stage,
  change: Readonly<Record<string, unknown>> & { readonly phone?: string } = {},
): Promise<Owner> {
  const fresh = newOwner()
  const owner = { ...fresh, phone: change.phone ?? fresh.phone }
  const put = await stage.world.exchange.api('PUT', accountPath(owner), {
    ...change,
    phone: owner.phone,
  })
  if (put.status !== 200) throw new Error(`the import was answered ${put.status}`)
  return owner
}

export function accountPath(owner: Owner, below = ''): string {
  return `/v1/accounts/${owner.id}${below}`
}

const Text = v.nullable(v.string())

const AttemptSchema = v.object({
  number: v.number(),
  provider: v.string(),
  state: v.string(),
  failure: Text,
  code: Text,
  provider_message_id: Text,
  segments: v.number(),
  sent_at: Text,
  delivered_at: Text,
  failed_at: Text,
})

const LoginSchema = v.object({
  alert_id: v.string(),
  activity: v.nullable(v.object({ kind: v.string(), detail: v.nullable(v.string()) })),
  session_id: v.nullable(v.string()),
  occurred_at: v.string(),
  parallel_session: v.boolean(),
  session: v.object({ ended_at: Text, end: Text }),
  alert: v.object({
    number: v.nullable(v.number()),
    state: v.string(),
    reason: Text,
    wave: v.number(),
    attempts: v.array(AttemptSchema),
  }),
})
export type ShownLogin = v.InferOutput<typeof LoginSchema>

const HistorySchema = v.object({ logins: v.array(LoginSchema), next_cursor: Text })

/** A page of the history, newest first. */
export async function readHistory(stage: Stage, owner: Owner, query = '') {
  const answer = await stage.world.exchange.api('GET', accountPath(owner, `/logins${query}`))
  return v.parse(HistorySchema, answer.body)
}

/** The owner's newest login, once its alert is in `state`. */
export function loginOnce(stage: Stage, owner: Owner, state: string, timeoutMs?: number) {
  return eventually(
    `an alert that is ${state}`,
    async () => {
      const { logins } = await readHistory(stage, owner)
      const newest = logins[0]
      return newest?.alert.state === state ? newest : null
    },
    timeoutMs,
  )
}

/**
 * The newest login's alert once its round is written down and every receipt is in: they may overtake each
 * other.
 */
export async function settledAlert(stage: Stage, owner: Owner) {
  await loginOnce(stage, owner, 'delivered')
  await stage.settle()
  return (await loginOnce(stage, owner, 'delivered')).alert
}

/** Logs in, now or at `at`, and waits until the alert is with the phone. */
export async function loginAndDeliver(
  stage: Stage,
  owner: Owner,
  fields: Readonly<Record<string, string>> = {},
  options: { readonly at?: number } = {},
): Promise<{ readonly message: PhoneMessage; readonly sessionId: string; readonly link: string }> {
  const { exchange, phones } = stage.world
  const before = phones.messagesTo(owner.phone).length
  const login = await exchange.login({ account_id: owner.id, ...fields }, options)
  if (login.status !== 202) throw new Error(`the login was answered ${login.status}`)
  // A notice of something else may come between.
  const message = await eventually('the SMS', () =>
    phones
      .messagesTo(owner.phone)
      .slice(before)
      .find(({ text }) => text.includes('http')),
  )
  await loginOnce(stage, owner, 'delivered')
  return { message, sessionId: login.sessionId, link: linkIn(message.text) }
}

/** A genuine event about a login that happened at `at`, which need not be now. */
export async function loginAt(stage: Stage, owner: Owner, at: number): Promise<void> {
  const { exchange } = stage.world
  const data = { account_id: owner.id, session_id: `s_${at}`, ip: '203.0.113.77', user_agent: 'x' }
  const timestamp = new Date(at).toISOString()
  const body = JSON.stringify({ type: 'login.succeeded', timestamp, data })
  const answer = await exchange.raw(body, exchange.signedHeaders(body))
  if (answer.status !== 202) throw new Error(`the login was answered ${answer.status}`)
}

/** The one link of a text. */
export function linkIn(text: string): string {
  const links = text.match(/https?:\/\/\S+/g) ?? []
  const [link] = links
  if (link === undefined || links.length > 1) throw new Error(`${links.length} links in the text`)
  return link
}

/**
 * The links that came to the owner's phone, each once: one for each alert. A copy of an alert is no second one: on a slow machine
 * a provider may seem silent, and is overtaken.
 */
export function linksTold(stage: Stage, { phone }: { readonly phone: string }): readonly string[] {
  return [...new Set(stage.world.phones.messagesTo(phone).map(({ text }) => linkIn(text)))]
}

export function pathOf(link: string): string {
  return new URL(link).pathname
}

const ProblemSchema = v.object({
  code: v.string(),
  status: v.number(),
  errors: v.optional(v.array(v.object({ pointer: v.string(), detail: v.string() })), []),
})

/** Status, code and pointers of a problem+json answer. */
export function problemOf(answer: Answer) {
  const { code, status, errors } = v.parse(ProblemSchema, answer.body)
  if (status !== answer.status) throw new Error(`body says ${status}, answer ${answer.status}`)
  return { status, code, pointers: errors.map((error) => error.pointer) }
}

/** A line of the log that `pattern` finds. The runtime hands lines on behind the answer that they belong to. */
export function loggedLine(stage: Pick<Stage, 'logs'>, pattern: RegExp): Promise<string> {
  return eventually(`a line of the log with ${pattern}`, () =>
    stage.logs.find((line) => pattern.test(line)),
  )
}

/** Rows by table, past the Worker, once all work has come to its end: what is stored, whoever asks. */
export async function readAllRows(stage: Stage): Promise<Record<string, readonly unknown[]>> {
  await stage.settle()
  const names = await tableNames(stage.runtime)
  const statements = names.map((name) => ({ sql: `SELECT * FROM ${name}`, values: [] }))
  const rows = await runSql(stage.runtime, statements)
  return Object.fromEntries(names.map((name, index) => [name, rows[index]?.results ?? []]))
}

export async function countRows(stage: Stage): Promise<Record<string, number>> {
  const rows = await readAllRows(stage)
  return Object.fromEntries(Object.entries(rows).map(([name, { length }]) => [name, length]))
}

/** Reads one row past the Worker. */
export async function queryOne(stage: Stage, sql: string, ...values: Value[]) {
  const [result] = await runSql(stage.runtime, [{ sql, values }])
  return result?.results[0] ?? null
}

export async function execute(stage: Stage, sql: string, ...values: Value[]): Promise<void> {
  await runSql(stage.runtime, [{ sql, values }])
}

/**
 * Whatever failed before, each provider is asked in the order of the settings: a fresh isolate, and nothing of breakers,
 * evidence or learnt weights among the rows. Nor does an isolate that is still at work write any down afterwards.
 */
export async function trustEveryProvider(stage: Stage): Promise<void> {
  await stage.settle()
  await stage.newIsolate()
  const tables = ['breakers', 'route_faults', 'route_samples', 'route_weights']
  await runSql(
    stage.runtime,
    tables.map((name) => ({ sql: `DELETE FROM ${name}`, values: [] })),
  )
}

/** As if other isolates had just convicted it; the one at work has yet to read so. */
export async function convict(stage: Stage, scope: string, code: string): Promise<void> {
  const at = Date.now()
  await execute(
    stage,
    'INSERT INTO breakers (scope, opened_at, open_until, trips, code) VALUES (?, ?, ?, 1, ?)',
    ...[scope, at, at + 60_000, code],
  )
  await stage.newIsolate()
}
