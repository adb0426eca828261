// The environments of wrangler.toml are what stands above them, under names of their own: bindings are not inherited, so
// that one forgotten would be missing in production alone.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { roleOf } from '../../../src/queue.ts'
import { readEnvironment, sharedNames } from '../../../tools/cloudflare/environment.ts'
import { PROJECT_ROOT } from '../../support/bundle.ts'

const FILE = join(PROJECT_ROOT, 'wrangler.toml')
const top = unstable_readConfig({ config: FILE })

describe.each(['production', 'staging'])('%s', (name) => {
  const config = unstable_readConfig({ config: FILE, env: name })
  const prefix = `lockline-${name}-`

  it('binds what stands above it, and sets it the same', () => {
    const plain = JSON.parse(JSON.stringify(config.queues).replaceAll(prefix, ''))
    expect(plain).toEqual(top.queues)
    const bindings = (of: typeof top) =>
      of.d1_databases.map((database: { binding: string }) => database.binding)
    expect(bindings(config)).toEqual(bindings(top))
    expect(config.version_metadata).toEqual(top.version_metadata)
    expect(config.triggers).toEqual(top.triggers)
    expect(config.observability).toEqual(top.observability)
    // Whose environment it is may set more.
    expect(Object.keys(config.vars)).toEqual(expect.arrayContaining(Object.keys(top.vars)))
    expect(JSON.stringify(config.ratelimits)).toBe(
      JSON.stringify(top.ratelimits).replace(
        /"namespace_id":"\d+"/,
        `"namespace_id":"${config.ratelimits?.[0]?.namespace_id}"`,
      ),
    )
    expect([config.minify, config.upload_source_maps, config.preview_urls]).toEqual([
      ...[true, true, false],
    ])
  })

  it('shares no name with another', () => {
    const others = ['production', 'staging'].filter((other) => other !== name)
    const of = (one: string) => readEnvironment(FILE, one)
    expect(sharedNames(of(name), others.map(of))).toEqual([])
  })

  it('has queues whose batches reach who they are for', () => {
    const roles = readEnvironment(FILE, name).consumers.map(({ queue }) => roleOf(queue))
    expect(roles).toEqual(readEnvironment(FILE, '').consumers.map(({ queue }) => queue))
  })
})

it('a counter of strangers’ requests is nobody else’s', () => {
  const ids = [undefined, 'production', 'staging'].map(
    (env) =>
      unstable_readConfig({ config: FILE, ...(env && { env }) }).ratelimits?.[0]?.namespace_id,
  )
  expect(new Set(ids).size).toBe(3)
})
