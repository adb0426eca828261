// What Cloudflare's deploy button asks for is described, and is what a deployment needs: no more, no less.
// https://developers.cloudflare.com/workers/platform/deploy-buttons/

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { PROJECT_ROOT } from '../../support/bundle.ts'
import { OWN_SECRETS } from '../deploy/deployment.ts'

const read = (file: string) => readFileSync(join(PROJECT_ROOT, file), 'utf8')
const config = unstable_readConfig({ config: join(PROJECT_ROOT, 'wrangler.toml') })
const asked = [...read('.dev.vars.example').matchAll(/^([A-Z_]+)=(.*)$/gm)]

it('asks for the secrets that every deployment needs, and gives none away', () => {
  expect(asked.map(([, name]) => name)).toEqual([...OWN_SECRETS])
  expect(asked.map(([, , value]) => value).join('')).toBe('')
})

it('describes each of them, each setting and each binding', () => {
  const { bindings } = JSON.parse(read('package.json')).cloudflare
  const names = [
    ...Object.keys(config.vars),
    ...asked.map(([, name]) => name),
    ...config.d1_databases.map((database: { binding: string }) => database.binding),
    ...(config.queues.producers ?? []).map((producer: { binding: string }) => producer.binding),
    ...(config.ratelimits ?? []).map((limit: { name: string }) => limit.name),
    config.version_metadata?.binding,
  ]
  expect(Object.keys(bindings).sort()).toEqual(names.sort())
  for (const { description } of Object.values<{ description: string }>(bindings)) {
    expect(description.length).toBeGreaterThan(15)
  }
})
