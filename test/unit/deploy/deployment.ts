// A checkout in a folder of its own, an account of Cloudflare's in memory, and `npm run deploy` between them.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCloudflare } from '../../../tools/cloudflare/api.ts'
import { deploy } from '../../../tools/deploy/deploy.ts'
import type { DeployOptions } from '../../../tools/deploy/options.ts'
import type { Wrangler } from '../../../tools/deploy/release.ts'
import { makeKeys } from '../../../tools/keys/make-keys.ts'
import { PROJECT_ROOT } from '../../support/bundle.ts'
import {
  FAKE_ACCOUNT_ID,
  FAKE_TOKEN,
  type FakeCloudflare,
  startCloudflare,
} from '../../support/cloudflare/api.ts'
import { type FakeAnswers, fetchOf } from '../../support/cloudflare/deployed-worker.ts'
import { createWrangler, type FakeWrangler } from '../../support/cloudflare/wrangler.ts'

export type Checkout = {
  readonly cloudflare: FakeCloudflare
  readonly wrangler: FakeWrangler
  readonly answers: FakeAnswers
  readonly folder: string
  readonly secretsFile: string
  readonly edit: (change: (toml: string) => string) => void
  readonly addMigration: (file: string, sql: string) => void
  readonly run: (options?: Partial<DeployOptions>) => Promise<Run>
  readonly close: () => Promise<void>
}

/** How a run ended, and all it said. */
export type Run = { readonly end: 0 | 1 | 'thrown'; readonly said: string }

const EMPTY_VARS =
  'vars = { EXCHANGE_NAME = "", PUBLIC_ORIGIN = "", CALLBACK_URL = "", SMS_PROVIDERS = "" }'

/** The project's own wrangler.toml, filled in for production and staging; two small migrations unless `migrations` says where. */
export async function startCheckout(
  options: { readonly wrangler?: (cloudflare: FakeCloudflare, folder: string) => Wrangler } = {},
): Promise<Checkout> {
  const cloudflare = await startCloudflare()
  const folder = mkdtempSync(join(tmpdir(), 'lockline-deploy-'))
  const configPath = join(folder, 'wrangler.toml')
  mkdirSync(join(folder, 'migrations'))
  const addMigration = (file: string, sql: string) =>
    writeFileSync(join(folder, 'migrations', file), sql)
  addMigration('0001_base.sql', 'CREATE TABLE a (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;\n')
  addMigration(
    '0002_more.sql',
    '-- more\nALTER TABLE a ADD COLUMN b TEXT;\nCREATE INDEX a_b ON a (b);\n',
  )
  writeFileSync(configPath, filledIn(readFileSync(join(PROJECT_ROOT, 'wrangler.toml'), 'utf8')))
  mkdirSync(join(folder, 'src'))
  writeFileSync(join(folder, 'src/index.ts'), 'export default { fetch: () => new Response("x") }\n')
  const secretsFile = join(folder, 'secrets.json')
  writeFileSync(secretsFile, JSON.stringify(await makeKeys(OWN_SECRETS)))

  const wrangler = createWrangler(cloudflare.account)
  const run = options.wrangler?.(cloudflare, folder) ?? wrangler.run
  const answers: FakeAnswers = { sick: new Set(), asked: [] }
  const access = { accountId: FAKE_ACCOUNT_ID, token: FAKE_TOKEN, baseUrl: cloudflare.baseUrl }
  return {
    ...{ cloudflare, wrangler, answers, folder, secretsFile, addMigration },
    edit: (change) => writeFileSync(configPath, change(readFileSync(configPath, 'utf8'))),
    run: async (given = {}) => {
      const said: string[] = []
      const chosen: DeployOptions = {
        ...{ environment: 'production', secretsFile, percentage: 100, location: null },
        ...{ isDryRun: false, skipsSmoke: false },
        ...given,
      }
      const place = {
        configPath,
        bundleFolder: join(folder, 'dist'),
        ...{ version: '1.2.3', message: 'a commit', isCloudflareBuild: false },
        smokeSecrets: { webhook: null, apiKey: null },
      }
      const ports = {
        cloudflare: createCloudflare(access),
        wrangler: run,
        fetch: fetchOf(cloudflare.account, `lockline-${chosen.environment}`, answers),
        now: () => Date.now(),
        wait: async () => {},
        say: (line: string) => said.push(line),
      }
      try {
        return { end: await deploy(chosen, place, ports), said: said.join('\n') }
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error)
        return { end: 'thrown', said: [...said, words].join('\n') }
      }
    },
    close: async () => {
      rmSync(folder, { recursive: true, force: true })
      await cloudflare.close()
    },
  }
}

export const OWN_SECRETS = [
  'WEBHOOK_SECRETS',
  'API_KEYS',
  'CALLBACK_SECRETS',
  'LINK_SECRETS',
  'DATA_SECRETS',
] as const

function filledIn(toml: string): string {
  return ['production', 'staging'].reduce((text, name) => {
    const host = `${name}.example.com`
    const filled = `routes = [{ pattern = "${host}", custom_domain = true }]
vars = { EXCHANGE_NAME = "X", PUBLIC_ORIGIN = "https://${host}", CALLBACK_URL = "https://x.example/cb", SMS_PROVIDERS = "sandbox" }`
    const [before, after] = [text.slice(0, at(text, name)), text.slice(at(text, name))]
    return before + after.replace(EMPTY_VARS, filled)
  }, toml)
}

const at = (toml: string, name: string) => toml.indexOf(`[env.${name}]`)
