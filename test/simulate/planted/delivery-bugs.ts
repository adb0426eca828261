// Planted on an alert's way: stored, claimed, sent, recorded, reported.

import type { PlantedBug } from './planted-bug.ts'

export const DELIVERY_BUGS: readonly PlantedBug[] = [
  {
    name: 'written-while-it-moves',
    harm: 'what is stored in a slot that is being copied is left behind',
    changes: [
      {
        file: 'lib/slot-guard.ts',
        find: "AND state <> 'here'`",
        replace: "AND state = 'gone'`",
      },
    ],
  },
  {
    name: 'followed-by-the-first-alone',
    harm: 'of two who ask at once for an account whose slot has moved, the second is told that it is away',
    changes: [
      {
        file: 'lib/shards.ts',
        find: 'for (const [slot, place] of found) places[slot] = place',
        replace: `for (const [slot, place] of found) {
      if (place !== asked && placeOf(slot) === place) found.delete(slot)
      places[slot] = place
    }`,
      },
    ],
  },
  {
    name: 'first-round-forgotten',
    harm: 'an alert waits for its lease to run out',
    changes: [
      {
        file: 'deliver/start-delivery.ts',
        find: 'if (isHere) waitUntil(runFirstRound(context, stored))',
        replace: 'if (isHere) void runFirstRound',
      },
    ],
  },
  {
    name: 'accepted-before-stored',
    harm: 'a login that was answered 202 is lost when D1 fails',
    changes: [
      {
        file: 'ingest/accept.ts',
        find: 'const result = await within(context.after, STORE_DEADLINE_MS, store())',
        replace: `void store().catch(() => {})
    if (store) return ok({ in: 'queue' })`,
      },
      {
        file: 'ingest/accept.ts',
        find: "return ok({ in: 'database', result })",
        replace: "return ok({ in: 'queue' })",
      },
    ],
  },
  {
    name: 'deduped-by-the-wrong-key',
    harm: 'a repeated webhook is a second alert',
    changes: [
      {
        file: 'ingest/accept.ts',
        find: "deriveId('alr', webhookId)",
        replace: "deriveId('alr', webhookId, String(context.now()))",
      },
    ],
  },
  {
    name: 'numbered-though-suppressed',
    harm: 'numbers are missing in the inbox, as if alerts had been held back',
    changes: [
      {
        file: 'login/login-fields.ts',
        find: "'last_alert_count + (reason IS NULL)'",
        replace: "'last_alert_count + 1'",
      },
    ],
  },
  {
    name: 'merged-into-one-that-left',
    harm: 'a login counts as told in an SMS that had gone out before',
    changes: [
      {
        file: 'login/insert-login.ts',
        find: "AND carrier.version = 0 AND carrier.state = 'queued' AND carrier.lease_until > :receivedAt)",
        replace: ')',
      },
    ],
  },
  {
    name: 'claim-ignored',
    harm: 'two consumers send the same alert',
    changes: [
      {
        file: 'login/claim-login.ts',
        find: "and(eq(logins.state, 'sending'), or(lte(logins.leaseUntil, now), isFormer)),",
        replace: "eq(logins.state, 'sending'),",
      },
    ],
  },
  {
    name: 'lease-too-short',
    harm: 'an alert is taken from a consumer that is still sending it',
    changes: [
      {
        file: 'deliver/claim.ts',
        find: 'return (providerCount + 1) * attemptTimeoutMs + LEASE_SPARE_MS',
        replace: 'return Math.min(300, (providerCount + 1) * attemptTimeoutMs + LEASE_SPARE_MS)',
      },
    ],
  },
  {
    name: 'outcome-not-stored',
    harm: 'a provider has the text, nobody knows, and it goes out again',
    changes: [
      {
        file: 'deliver/write-outcomes.ts',
        find: 'changeLoginStatement(db, login, after.change)]',
        replace:
          'changeLoginStatement(db, { ...login, version: login.version - 1 }, after.change)]',
      },
      {
        file: 'deliver/write-outcomes.ts',
        find: 'if (writing.after && changed?.meta.changes === 0) {',
        replace: 'if (writing.after && !changed) {',
      },
    ],
  },
  {
    name: 'distrusted-is-banned-for-good',
    harm: 'with every provider tripped once, nobody is ever called again',
    changes: [
      {
        file: 'routing/breaker.ts',
        find: "if (!breaker || now >= breaker.openUntil + UNPROBED_CLOSES_MS) return 'closed'",
        replace: "if (!breaker) return 'closed'",
      },
      {
        file: 'routing/breaker.ts',
        find: "return now < breaker.openUntil ? 'open' : 'half_open'",
        replace: "return 'open'",
      },
      {
        file: 'routing/order-route.ts',
        find: '  return orderRoute(route, {',
        replace: `  const isOpen = ({ provider }: RouteStep) => distrustOf(breakers, provider.name, text.country, now) > 1
  return orderRoute(route.filter((step) => !isOpen(step)), {`,
      },
    ],
  },
  {
    name: 'sweep-is-blind',
    harm: 'an alert whose message was lost stays where it is',
    changes: [
      {
        file: 'deliver/sweep.ts',
        find: 'await findOpenLogins(db, after, SWEEP_PAGE)',
        replace: '[]',
      },
    ],
  },
  {
    name: 'given-up-in-silence',
    harm: 'the exchange is not told that an alert reached nobody',
    changes: [
      {
        file: 'deliver/write-outcomes.ts',
        find: 'if (!after.undelivered) return null',
        replace: 'if (after) return null',
      },
    ],
  },
  {
    name: 'receipt-moves-backwards',
    harm: 'a delivered attempt is shown as merely sent',
    changes: [
      {
        file: 'login/attempt.ts',
        find: 'RANK[right.state] >= RANK[left.state] ?',
        replace: 'RANK[right.state] >= 0 ?',
      },
    ],
  },
  {
    name: 'forged-receipts-believed',
    harm: 'whoever knows the URL makes an alert look delivered',
    changes: [
      {
        file: 'sms/twilio/signature.ts',
        find: 'return (await Promise.all(checks)).includes(true)',
        replace: 'return (await Promise.all(checks)).length > 0',
      },
    ],
  },
  {
    name: 'stop-forgotten',
    harm: 'an owner who wrote STOP is written to',
    changes: [
      {
        file: 'login/insert-login.ts',
        find: "  WHEN account.phone_state = 'opted_out' AND NOT has_former THEN 'opted_out'\n",
        replace: '',
      },
      {
        file: 'deliver/deliver-alert.ts',
        find: "phoneStateAt(account, now()) === 'ok'",
        replace: 'true',
      },
    ],
  },
  {
    name: 'new-login-leaves-the-old-ones',
    harm: 'a login is stored in its slot while its account still waits to be moved: its numbers begin again',
    changes: [
      { file: 'login/login-fields.ts', find: '  slot: SLOT,', replace: "  slot: ':slot'," },
    ],
  },
]
