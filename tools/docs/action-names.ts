// The names of what a lock asks for and of the ways to lock, in each language, as docs/glossary.md has them: out of the languages'
// own words. Pure.

import { LOCK_ACTION_NAMES } from '../../src/lock/lock-actions.ts'
import { LANGUAGES } from '../../src/words/languages.ts'

export function actionNames(): string {
  const columns = [
    ...LOCK_ACTION_NAMES.map((name) => `\`${name}\``),
    'lock card',
    'trusted contact',
  ]
  const rows = LANGUAGES.map(({ tag, lockActions, ways }) =>
    [
      tag,
      ...LOCK_ACTION_NAMES.map((name) => lockActions.names[name]),
      ways.cardHeading,
      ways.contactHeading,
    ].join(' | '),
  )
  return [
    `| language | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}
