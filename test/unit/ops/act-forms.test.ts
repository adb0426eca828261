// The forms of an act that is done in parts: the next part is of that act alone, and of what was asked for at first.

import { describe, expect, it } from 'vitest'
import { nowForms, unfinishedOf } from '../../../src/ops/pages/act-forms.ts'

/** The forms by the act they post, as they stand on the page after an answer. */
async function formsAfter(query: Record<string, string>): Promise<ReadonlyMap<string, string>> {
  const page = String(await nowForms(['twilio'], unfinishedOf(query)))
  const forms = page.matchAll(/<form [^>]*action="\/ops\/acts\/(\w+)">(.*?)<\/form>/gs)
  return new Map([...forms].map(([, act = '', form = '']) => [act, form]))
}

describe('the forms after a part of an act', () => {
  const since = '2026-11-21T12:00:00.000Z'
  const callbacks = { done: 'redrive_callbacks', count: '9', next: 'DB~7~acc~cb_1', since }

  it('go on with that act, of the same time', async () => {
    const form = (await formsAfter(callbacks)).get('redrive_callbacks')
    expect(form).toContain('name="from" value="DB~7~acc~cb_1"')
    expect(form).toContain(`name="since" value="${since}"`)
    expect(form).not.toContain('name="hours"')
  })

  it('begin any other at its beginning', async () => {
    expect((await formsAfter(callbacks)).get('redrive_dead_letters')).not.toContain('name="from"')
    const letters = { done: 'redrive_dead_letters', count: '50', next: '0123abc' }
    const forms = await formsAfter(letters)
    expect(forms.get('redrive_dead_letters')).toContain('name="from" value="0123abc"')
    expect(forms.get('redrive_callbacks')).not.toContain('name="from"')
    expect(forms.get('redrive_callbacks')).toContain('name="hours"')
  })

  it('begin at the beginning where nothing is left', async () => {
    const { next: _, ...done } = callbacks
    const form = (await formsAfter(done)).get('redrive_callbacks')
    expect(form).not.toContain('name="from"')
    expect(form).toContain('name="hours"')
  })
})
