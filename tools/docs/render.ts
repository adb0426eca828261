// Tables of README and docs/ that say what the code says: settings, where a provider's inbound texts come
// from, how much of a login fits, what is stored, the code an exchange starts from, and the drawing of the house. The
// texts are those of the settings' and providers' own entries.

import { MAY_WITHDRAW, REPORT_LOGIN, TAKE_CALLBACK } from '../../src/api/samples.ts'
import { ROUTE_SCOPES, SCOPE_NAMES, SCOPES } from '../../src/api/scopes.ts'
import { SETTING_TABLES } from '../../src/config.ts'
import type { Setting } from '../../src/lib/settings.ts'
import { INCIDENT_KINDS } from '../../src/ops/incident-kinds.ts'
import { type BuiltInName, PROVIDER_NAMES, PROVIDERS } from '../../src/sms/registry.ts'
import { migratedDatabase } from '../../test/support/migrated-database.ts'
import { drawHouse } from '../../test/unit/architecture/draw-house.ts'
import { HOUSE } from '../../test/unit/architecture/house.ts'
import { renderScaleCommands, renderScaleTable } from '../capacity/render.ts'
import { OWNERS_IN_DOCUMENT, renderFalseHolds, renderHabits } from '../false-holds/render.ts'
import { actionNames } from './action-names.ts'
import { coolingOffRule } from './cooling-off.ts'
import { profileTables } from './profiles.ts'
import { storedTables, TOLD_BY_HAND, tableLine } from './stored-tables.ts'
import { whatFitsTable } from './what-fits.ts'

export type AnySetting = Setting<unknown, never>

/** Of the Worker itself, in README's order. */
export const WORKER_SETTINGS: readonly AnySetting[] = SETTING_TABLES.flatMap((table) =>
  Object.values(table),
)

export function settingsOf(provider: BuiltInName): readonly AnySetting[] {
  return Object.values(PROVIDERS[provider].settings)
}

type Block = { readonly file: string; readonly name: string; readonly render: () => string }

export const BLOCKS: readonly Block[] = [
  { file: 'README.md', name: 'report a login', render: () => code(REPORT_LOGIN) },
  { file: 'README.md', name: 'ask for the hold', render: () => code(MAY_WITHDRAW) },
  { file: 'README.md', name: 'take callbacks', render: () => code(TAKE_CALLBACK) },
  {
    file: 'README.md',
    name: 'settings',
    render: () => settingTable(WORKER_SETTINGS.map((setting) => settingRow(setting, 'yes'))),
  },
  {
    file: 'README.md',
    name: 'provider settings',
    render: () =>
      settingTable(
        PROVIDER_NAMES.flatMap((name) =>
          settingsOf(name).map((setting) => settingRow(setting, `with \`${name}\``)),
        ),
      ),
  },
  { file: 'docs/operations.md', name: 'inbound texts', render: inboundTable },
  { file: 'docs/integration.md', name: 'scopes', render: scopeTable },
  { file: 'docs/operations.md', name: 'incidents', render: incidentTable },
  { file: 'docs/architecture.md', name: 'house', render: () => drawHouse(HOUSE) },
  { file: 'README.md', name: 'what fits', render: whatFitsTable },
  { file: 'docs/scale.md', name: 'capacity', render: renderScaleTable },
  { file: 'docs/scale.md', name: 'capacity commands', render: renderScaleCommands },
  { file: 'docs/profiles.md', name: 'profiles', render: profileTables },
  { file: 'docs/cooling-off.md', name: 'rule', render: coolingOffRule },
  { file: 'docs/cooling-off.md', name: 'assumptions', render: renderHabits },
  {
    file: 'docs/cooling-off.md',
    name: 'false holds',
    render: () => renderFalseHolds(OWNERS_IN_DOCUMENT),
  },
  { file: 'docs/glossary.md', name: 'action names', render: actionNames },
  ...storedTables(migratedDatabase())
    .filter(({ name }) => !TOLD_BY_HAND.includes(name))
    .map((table) => ({
      file: 'docs/storage.md',
      name: `columns of ${table.name}`,
      render: () => tableLine(table),
    })),
]

const code = (typescript: string) => `\`\`\`ts\n${typescript}\n\`\`\``

function settingTable(rows: readonly string[]): string {
  const head = ['| name | required | format, default | how to make one |', '|---|---|---|---|']
  return [...head, ...rows].join('\n')
}

function settingRow(setting: AnySetting, whereRequired: string): string {
  const { name, isRequired, isSecret, help, bounds, fallback, make, when } = setting
  const need = when ?? (isRequired ? whereRequired : 'no')
  const format = [help, bounds, fallback && `default \`${fallback}\``].filter(Boolean).join('; ')
  const cells = [
    `\`${name}\``,
    isSecret ? `${need}, secret` : need,
    format,
    make ? `\`${make}\`` : '',
  ]
  return `| ${cells.join(' | ')} |`.replace('|  |', '| |')
}

function scopeTable(): string {
  const calls = Object.entries(ROUTE_SCOPES).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, scope]) => ({
      scope,
      call: `\`${method.toUpperCase()} ${path.replace(/:\w+/, '…')}\``,
    })),
  )
  const rows = SCOPE_NAMES.map((name) => {
    const own = calls.filter(({ scope }) => scope === name).map(({ call }) => call)
    return `| \`${name}\` | ${SCOPES[name]} | ${own.join(', ') || 'nothing yet'} |`
  })
  return ['| scope | its key may | by |', '|---|---|---|', ...rows].join('\n')
}

function incidentTable(): string {
  const rows = Object.entries(INCIDENT_KINDS).map(([kind, words]) => {
    const { severity, title, scope, meaning, check, act, over } = words
    return `| \`${kind}\` | ${severity} | ${scope} | ${title}. ${meaning} | ${check} | ${act} | ${over} |`
  })
  return [
    '| kind | severity | scope | means | look at | do | over when |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function inboundTable(): string {
  const rows = PROVIDER_NAMES.flatMap((name) => {
    const { label, inbound } = PROVIDERS[name]
    return inbound
      ? [`| ${label} | ${inbound.where} | \`…/v1/inbound/${name}${inbound.query ?? ''}\` |`]
      : []
  })
  return ['| provider | where | URL |', '|---|---|---|', ...rows].join('\n')
}

/**
 * `text` with what stands between the markers of `name` replaced.
 * @throws where they are not there exactly once.
 */
export function withBlock(text: string, name: string, content: string): string {
  const start = `<!-- made by npm run docs: ${name} -->\n\n`
  const end = `\n\n<!-- end: ${name} -->`
  const [before, inside, ...more] = text.split(start)
  const [, after, ...evenMore] = (inside ?? '').split(end)
  if (before === undefined || after === undefined || more.length + evenMore.length > 0) {
    throw new Error(`the markers of “${name}” are missing or doubled`)
  }
  return before + start + content + end + after
}

/** The file as it ought to be. */
export function withBlocks(file: string, text: string): string {
  return BLOCKS.filter((block) => block.file === file).reduce(
    (whole, { name, render }) => withBlock(whole, name, render()),
    text,
  )
}
