// Whoever is woken by an incident finds its section in docs/runbook.md: what it means, what to check, what to do, when it is over.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { INCIDENT_KINDS } from '../../../src/ops/incident-kinds.ts'
import { PROJECT_ROOT } from '../../support/bundle.ts'

const sections = readFileSync(join(PROJECT_ROOT, 'docs/runbook.md'), 'utf8').split(/^## /m).slice(1)
const kinds = Object.keys(INCIDENT_KINDS)

describe('docs/runbook.md', () => {
  it('has a section for every kind of incident, in the order of the code, and no other', () => {
    expect(sections.map((section) => section.split('\n')[0])).toEqual(kinds)
  })

  it.each(kinds)('says of %s all that somebody has to know at night', (kind) => {
    const section = sections[kinds.indexOf(kind)] ?? ''
    for (const part of ['**Means.**', '**Check.**', '**Act.**', '**Over when**']) {
      expect(section).toContain(part)
    }
  })
})
