// `npm run deploy`: the command line, the real ports, and how it ends.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { createCloudflare } from '../cloudflare/api.ts'
import { accessOfShell } from '../cloudflare/connect.ts'
import { deploy } from './deploy.ts'
import { isCloudflareBuild, readDeployOptions } from './options.ts'
import { wranglerIn } from './run-wrangler.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PackageSchema = v.object({ version: v.string() })

async function main(): Promise<number> {
  const choice = readDeployOptions(process.argv.slice(2), process.env)
  if (choice.kind === 'say') {
    console.log(choice.text)
    return choice.exitCode
  }
  const access = accessOfShell()
  const { options } = choice
  const place = {
    configPath: join(ROOT, 'wrangler.toml'),
    bundleFolder: join(ROOT, 'dist/deploy', options.environment || 'top'),
    version: v.parse(PackageSchema, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
      .version,
    message: describeCommit(),
    isCloudflareBuild: isCloudflareBuild(process.env),
    smokeSecrets: {
      webhook: process.env.LOCKLINE_WEBHOOK_SECRET ?? null,
      apiKey: process.env.LOCKLINE_API_KEY ?? null,
    },
  }
  return deploy(options, place, {
    cloudflare: createCloudflare(access),
    wrangler: wranglerIn(ROOT, {
      CLOUDFLARE_ACCOUNT_ID: access.accountId,
      CLOUDFLARE_API_TOKEN: access.token,
      CLOUDFLARE_API_BASE_URL: access.baseUrl,
    }),
    fetch,
    now: () => Date.now(),
    wait: (ms) => sleep(ms),
    say: (line) => console.log(line),
  })
}

/** For people who look at versions; a checkout without git has none. */
function describeCommit(): string {
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=12']
    return execFileSync('git', args, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'not from a git checkout'
  }
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    console.error('Mend it and run the same command again: it goes on where it stopped.')
    process.exitCode = 1
  },
)
