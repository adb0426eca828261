// A duration in words, through a language's plural rules. No sentence holds a number of its own: it names a
// duration, `{hold}` or in another form `{hold.genitive}`, and the room that renders it says how long that is.

import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import type { DurationUnit, Language, UnitForms } from './language.ts'

type Speech = Pick<Language, 'intl' | 'durations'>

/**
 * The parts of a sentence that are durations: `{ hold: ms }` gives `hold` as the language says it, and
 * `hold.genitive` and the like for each further form it has. A part of a second counts as one.
 */
export function durationParts(
  { intl, durations }: Speech,
  named: Readonly<Record<string, number>>,
): Readonly<Record<string, string>> {
  const { plain, ...others } = durations
  const parts = Object.entries(named).flatMap(([name, ms]) => {
    const { count, unit } = toUnit(ms)
    const further = Object.entries(others).map(
      ([form, forms]) => [`${name}.${form}`, sayByForms(intl, forms, count, unit)] as const,
    )
    const said = plain ? sayByForms(intl, plain, count, unit) : sayByRuntime(intl, count, unit)
    return [[name, said] as const, ...further]
  })
  return Object.fromEntries(parts)
}

const UNITS: readonly (readonly [DurationUnit, number])[] = [
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
]

/** The largest unit that leaves no rest. Days are not said: 24 hours end at an hour, a day at midnight. */
function toUnit(ms: number): { readonly count: number; readonly unit: DurationUnit } {
  const seconds = Math.ceil(ms / SECOND_MS)
  const wholeMs = seconds * SECOND_MS
  const [unit, unitMs] = UNITS.find(([, each]) => wholeMs > 0 && wholeMs % each === 0) ?? [
    'second',
    SECOND_MS,
  ]
  return { count: wholeMs / unitMs, unit }
}

function sayByForms(intl: string, forms: UnitForms, count: number, unit: DurationUnit): string {
  const { rules, digits } = toolsOf(intl)
  const form = forms[unit][rules.select(count)] ?? forms[unit].other
  return form.replace('{n}', digits.format(count))
}

/** With plain spaces, as our own sentences have them: the tables of some languages have no-break ones, of some units only. */
function sayByRuntime(intl: string, count: number, unit: DurationUnit): string {
  return toolsOf(intl)[unit].format(count).replace(/\s/gu, ' ')
}

type Tools = Readonly<Record<DurationUnit | 'digits', Intl.NumberFormat>> & {
  readonly rules: Intl.PluralRules
}

const tools = new Map<string, Tools>()

// Making a formatter costs far more than asking one, and there is one set per language shipped.
function toolsOf(intl: string): Tools {
  const known = tools.get(intl)
  if (known !== undefined) return known
  const formatter = (unit: DurationUnit) =>
    new Intl.NumberFormat(intl, { style: 'unit', unit, unitDisplay: 'long', useGrouping: false })
  const made = {
    hour: formatter('hour'),
    minute: formatter('minute'),
    second: formatter('second'),
    digits: new Intl.NumberFormat(intl, { useGrouping: false }),
    rules: new Intl.PluralRules(intl),
  }
  tools.set(intl, made)
  return made
}
