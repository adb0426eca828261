// wrangler itself against the stand-in of Cloudflare's API: what the other tests' stand-in of wrangler does is what it does.
// The Worker is three words long, so that nothing is bundled here but those.

import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { wranglerIn } from '../../../tools/deploy/run-wrangler.ts'
import { PROJECT_ROOT } from '../../support/bundle.ts'
import { FAKE_ACCOUNT_ID, FAKE_TOKEN } from '../../support/cloudflare/api.ts'
import { startCheckout } from './deployment.ts'

it('deploys, finds nothing to do, then uploads a version beside it', async () => {
  const checkout = await startCheckout({
    wrangler: ({ baseUrl }) =>
      wranglerIn(PROJECT_ROOT, {
        CLOUDFLARE_ACCOUNT_ID: FAKE_ACCOUNT_ID,
        CLOUDFLARE_API_TOKEN: FAKE_TOKEN,
        CLOUDFLARE_API_BASE_URL: baseUrl,
      }),
  })
  const { cloudflare, run, edit, folder } = checkout
  try {
    expect(await run()).toMatchObject({ end: 0 })
    const writes = cloudflare.writes()
    expect(await run()).toMatchObject({ end: 0 })
    expect(cloudflare.writes()).toEqual(writes)
    edit((toml) => toml.replace('EXCHANGE_NAME = "X"', 'EXCHANGE_NAME = "Y"'))
    expect(await run({ percentage: 10 })).toMatchObject({ end: 0 })

    const worker = cloudflare.account.workers.get('lockline-production')
    expect(worker?.deployments[0]?.map(({ percentage }) => percentage)).toEqual([90, 10])
    expect(worker?.versions.map(({ message }) => message)).toEqual(['a commit', 'a commit'])
    expect(worker).toMatchObject({
      ...{ crons: ['* * * * *'], domains: ['production.example.com'] },
      ...{ isOnWorkersDev: false, hasPreviews: false },
    })
    expect(worker?.secrets.size).toBe(5)
    const [first] = worker?.versions.slice(-1) ?? []
    expect(first?.files).toContain('index.js.map')
    const [database] = cloudflare.account.databases.values()
    expect(first?.metadata.bindings).toContainEqual(
      expect.objectContaining({ type: 'd1', name: 'DB', id: database?.uuid }),
    )
    for (const { queue_name, consumers } of cloudflare.account.queues.values()) {
      expect([queue_name, consumers.length]).toEqual([queue_name, 1])
    }
    expect(cloudflare.unknown).toEqual([])
    // Neither the copy with ids nor the secrets stay.
    expect(readdirSync(folder).filter((file) => file.includes('.deploy.'))).toEqual([])
  } finally {
    await checkout.close()
  }
})
