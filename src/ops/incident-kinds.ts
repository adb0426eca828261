// Every kind of incident there is: what it is called, how bad it is, what it means, what to look at, what to do, when it
// is over. The page, the texts that are posted and docs/operations.md are made of this table; nothing is decided here.

/**
 * `down`: alerts do not go out, or nobody knows whether they do. `degraded`: they do, but something is sick.
 */
export type Severity = 'degraded' | 'down'

export type IncidentWords = {
  readonly severity: Severity
  /** A heading; the scope stands beside it. */
  readonly title: string
  /** What `scope` names. */
  readonly scope: string
  readonly meaning: string
  readonly check: string
  readonly act: string
  readonly over: string
}

export const INCIDENT_KINDS = {
  no_provider_accepts: {
    severity: 'down',
    title: 'No provider accepts texts',
    scope: '`*`',
    meaning: 'Every provider is distrusted: alerts wait, and are tried again for 15 minutes.',
    check: 'The code of each `breaker.opened` line: credentials, funds, or the network.',
    act: 'Call the providers; add one that works to `SMS_PROVIDERS`.',
    over: 'One provider is trusted again.',
  },
  country_unreachable: {
    severity: 'degraded',
    title: 'Nobody takes texts to a country',
    scope: 'the country, ISO 3166-1 alpha-2',
    meaning:
      'In the last five minutes every call for numbers of this country failed, whoever was asked.',
    check: '`delivery.attempted` of this country: its codes.',
    act: 'Ask the providers; route the country to another one with `SMS_ROUTES`.',
    over: 'A provider has taken a text to this country again, or nobody was to be told there.',
  },
  database_unavailable: {
    severity: 'down',
    title: 'The database does not answer',
    scope: 'the database, by its binding',
    meaning:
      'Of the accounts in it: events and locks are accepted and wait in the queues; no alert goes out before it is back.',
    check: "Cloudflare's status page; D1's metrics: overloaded or away?",
    act: 'Wait, or ask Cloudflare. Nothing is lost for four days: do not purge the queues.',
    over: 'The minute’s work has read it again.',
  },
  settings_broken: {
    severity: 'down',
    title: 'A setting is missing or malformed',
    scope: 'the settings, by name',
    meaning: 'Nothing is served: events are answered 503, queue messages wait and use up retries.',
    check: '`config.invalid` lines name each setting.',
    act: 'Roll back first (`npx wrangler rollback --env production`), then put the setting right.',
    over: 'The minute’s work has run with all settings for two minutes.',
  },
  lock_unconfirmed: {
    severity: 'degraded',
    title: 'The exchange has not confirmed a lock',
    scope: '`*`',
    meaning:
      'An owner locked an account more than a minute ago, and the exchange has not answered 2xx, or has not said of each action that it is done: the thief may still be in.',
    check:
      '`callback.attempted` of `account.locked`: status and error; `lock.answered` and `lock.unreadable`: what it said of single actions. Those are not asked for again.',
    act: 'Call the exchange at once; they can end the sessions by hand, and say what is done with `POST …/locks/{lock_id}/actions`.',
    over: 'Every action of every lock older than a minute is confirmed, or the lock was lifted.',
  },
  alert_waiting: {
    severity: 'degraded',
    title: 'An alert waits for longer than a minute',
    scope: '`*`',
    meaning: 'A login was stored, and no provider has taken its text yet.',
    check: '`delivery.attempted` of the alert: who refused, and why. The backlog of `alerts`.',
    act: 'See the providers; if there were no attempts, the queues.',
    over: 'No alert waits for longer than a minute.',
  },
  provider_distrusted: {
    severity: 'degraded',
    title: 'A provider is distrusted',
    scope: 'the provider, or provider and country',
    meaning: 'It is asked last, by the evidence of its answers or receipts. Others take its texts.',
    check: 'The reason, beside it. `answer` does not heal by itself: credentials, funds, senders.',
    act: 'Ask the provider. Nothing else has to be done: it is tried again by itself.',
    over: 'A probe was answered well, or learning gave its traffic back.',
  },
  receipts_stopped: {
    severity: 'degraded',
    title: 'A provider sends no receipts',
    scope: 'the provider',
    meaning:
      'It takes texts, and in a quarter of an hour no receipt has come though others were due: nobody knows whether they arrive.',
    check: '`receipt.refused` lines: a secret that was changed? The callback URL at the provider.',
    act: 'Put the secret or the URL right; ask the provider.',
    over: 'Receipts come again, or it was not asked for a quarter of an hour.',
  },
  callbacks_stopped: {
    severity: 'degraded',
    title: 'The exchange does not take callbacks',
    scope: '`*`',
    meaning:
      'Callbacks are refused for minutes, or were given up: the exchange does not hear of what happened.',
    check: '`callback.attempted`: status and error. 410 ends all but locks and holds.',
    act: 'Call the exchange. Those given up can be sent again.',
    over: 'For ten minutes none was given up, and none has been refused for long.',
  },
  queue_late: {
    severity: 'degraded',
    title: 'A queue is late',
    scope: 'the queue',
    meaning:
      'Its oldest message is more than two minutes old: nobody takes it, or its work fails again and again.',
    check: 'The backlog on this page; `job.failed` lines; is its delivery paused?',
    act: '`npx wrangler queues resume-delivery lockline-production-alerts`, or the queue it is; else ask Cloudflare.',
    over: 'The oldest message is younger.',
  },
  dead_letters: {
    severity: 'degraded',
    title: 'Messages have died',
    scope: '`*`',
    meaning: 'A job used up its retries in the last hour. What must not be lost was saved.',
    check: 'The list of dead letters: kind and reason.',
    act: 'See docs/operations.md, *Dead letters*: what is left to do for each kind.',
    over: 'None has died for an hour.',
  },
  database_filling: {
    severity: 'degraded',
    title: 'A database is more than 70 percent full',
    scope: 'the database, by its binding',
    meaning: 'At 100 percent nothing is stored any more.',
    check: 'How many days are left at the present growth.',
    act: 'Spread the accounts over more databases.',
    over: 'It is no more than that full.',
  },
  slot_frozen: {
    severity: 'degraded',
    title: 'A slot is frozen, and nobody moves it on',
    scope: 'the database it is on its way to, and the slot',
    meaning:
      'Whoever moved it has stopped half-way. Of its accounts, 1/256 of all: events and locks wait in the queues, no alert goes out, holds are not answered.',
    check: 'Does `npm run move-slot` still run somewhere, and what did it say last?',
    act: 'Run it again with the same `--to`; or with `--to` the database that has it still, where it stays then.',
    over: 'A database has it.',
  },
  retention_behind: {
    severity: 'degraded',
    title: 'Forgetting is behind',
    scope: 'the database, and `accounts` or `sweep`',
    meaning:
      'The walk that deletes what has expired has not come round for three days, or has not moved for a quarter of an hour: data are kept for longer than promised.',
    check: '`sweep.done` with `part` `retention`; the backlog of `sweep`.',
    act: 'If the sweep stands: its queue. If it is slow: more databases walk side by side.',
    over: 'It has moved, and come round within three days.',
  },
  cron_still: {
    severity: 'degraded',
    title: 'The minute’s work stands still',
    scope: '`cron`',
    meaning:
      'It has not run for three minutes: alerts still go out, but nothing lost is found again, and incidents are not seen.',
    check: 'Cron triggers of the Worker; `tick.done` lines.',
    act: 'Deploy again (triggers are part of it); ask Cloudflare.',
    over: 'It has run.',
  },
} as const satisfies Readonly<Record<string, IncidentWords>>

export type IncidentKind = keyof typeof INCIDENT_KINDS
