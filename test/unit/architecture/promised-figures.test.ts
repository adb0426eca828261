// The figures that people were promised: what README and docs say is what the code does. Whoever changes one
// changes both, and knows that it is a promise. Other tests take their figures from the code.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  BINDING_LIFETIME_MS,
  CODE_TRIES_MAX,
  FORMER_PHONE_MS,
} from '../../../src/account/binding-rules.ts'
import { SEGMENTS_MAX } from '../../../src/alert/compose.ts'
import { DEAD_LETTERS_KEPT_MS } from '../../../src/dead-letter/forget.ts'
import { CALLBACKS_KEPT_MS } from '../../../src/exchange/forget.ts'
import { CODE_CAPS_KEPT_MS } from '../../../src/guard/forget.ts'
import { WEBHOOK_TOLERANCE_MS } from '../../../src/ingest/signature.ts'
import { HOLD_MS } from '../../../src/lock/hold.ts'
import { LINK_LIFETIME_MS } from '../../../src/lock/link.ts'
import { EARLY_ENDS_KEPT_MS, LOGINS_KEPT_MS } from '../../../src/login/forget.ts'
import { BURST_WINDOW_MS } from '../../../src/login/insert-login.ts'
import { ALERT_MAX_AGE_MS, SESSION_DEFAULT_LIFETIME_MS } from '../../../src/login/login.ts'
import { NOTICES_KEPT_MS } from '../../../src/notice/forget.ts'
import { ENTRY_LIFETIME_MS } from '../../../src/portal/visit/entry-link.ts'
import { VISIT_LIFETIME_MS } from '../../../src/portal/visit/visit-lifetime.ts'
import { EVIDENCE_MS } from '../../../src/routing/route-samples.ts'
import { PROJECT_ROOT } from '../../support/bundle.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Figure = readonly [inCode: number, figure: number, where: string, words: RegExp]

const FIGURES: Readonly<Record<string, Figure>> = {
  'a hold': [HOLD_MS, 24 * HOUR, 'README.md', /put withdrawals on hold for 24 hours/],
  'a hold, further on': [HOLD_MS, 24 * HOUR, 'docs/delivery.md', /A hold lasts 24 h from the tap/],
  'a link': [LINK_LIFETIME_MS, 24 * HOUR, 'README.md', /a link lives 24 hours/],
  'an entry link': [ENTRY_LIFETIME_MS, 5 * MINUTE, 'README.md', /works once, within five minutes/],
  'a visit': [VISIT_LIFETIME_MS, 30 * MINUTE, 'docs/owners-pages.md', /visit lasts 30 minutes/],
  'a burst': [BURST_WINDOW_MS, 10 * MINUTE, 'README.md', /becomes one SMS after ten minutes/],
  'a session': [SESSION_DEFAULT_LIFETIME_MS, 30 * DAY, 'README.md', /30 days without `session_exp/],
  'a webhook': [WEBHOOK_TOLERANCE_MS, 5 * MINUTE, 'docs/delivery.md', /clock within 5 minutes/],
  'an alert': [
    ALERT_MAX_AGE_MS,
    15 * MINUTE,
    'docs/operations.md',
    /undelivered` after 15 minutes/,
  ],
  'a binding': [BINDING_LIFETIME_MS, 10 * MINUTE, 'docs/owners-pages.md', /tries and ten minutes/],
  'tries of a code': [CODE_TRIES_MAX.bnd, 5, 'docs/owners-pages.md', /six digits, five tries/],
  'a former number': [
    FORMER_PHONE_MS,
    72 * HOUR,
    'docs/owners-pages.md',
    /alert for 72 hours more/,
  ],
  'logins kept': [LOGINS_KEPT_MS, 90 * DAY, 'docs/operations.md', /Logins of 90 days/],
  'callbacks kept': [
    CALLBACKS_KEPT_MS,
    30 * DAY,
    'docs/operations.md',
    /callbacks and dead letters of 30/,
  ],
  'dead letters kept': [
    DEAD_LETTERS_KEPT_MS,
    30 * DAY,
    'docs/operations.md',
    /dead letters of 30 days/,
  ],
  'notices kept': [NOTICES_KEPT_MS, 30 * DAY, 'docs/storage.md', /still to be sent\. Kept 30 days/],
  'early ends kept': [
    EARLY_ENDS_KEPT_MS,
    7 * DAY,
    'docs/storage.md',
    /Kept 7 days, longer than a web/,
  ],
  'caps kept': [CODE_CAPS_KEPT_MS, 90 * DAY, 'docs/storage.md', /`cap_segments`\. Kept 90 days/],
  'what learning looks at': [
    EVIDENCE_MS,
    15 * MINUTE,
    'docs/delivery.md',
    /decision\*\* looks at 15 min/,
  ],
  'segments of an SMS': [
    SEGMENTS_MAX['GSM-7'],
    2,
    'docs/delivery.md',
    /GSM-7, two segments at most/,
  ],
}

describe('C1 every event of the log', () => {
  it('is in docs/operations.md, with what to do', () => {
    const log = readFileSync(join(PROJECT_ROOT, 'src/lib/log.ts'), 'utf8')
    const events = Array.from(log.matchAll(/^ {2}\| '([a-z_]+\.[a-z_]+)'$/gm), ([, event]) => event)
    expect(events.length).toBeGreaterThan(30)
    const docs = readFileSync(join(PROJECT_ROOT, 'docs/operations.md'), 'utf8')
    expect(events.filter((event) => !docs.includes(`\n| \`${event}\` |`))).toEqual([])
  })
})

describe('the figure of', () => {
  it.each(Object.entries(FIGURES))(
    '%s is what was promised',
    (_of, [inCode, figure, where, words]) => {
      expect(inCode).toBe(figure)
      // Lines are broken anywhere.
      const text = readFileSync(join(PROJECT_ROOT, where), 'utf8').replaceAll(/\s+/g, ' ')
      expect(text).toMatch(words)
    },
  )
})
