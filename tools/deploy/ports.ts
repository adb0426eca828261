// What a deployment works with, so that a test can stand in for Cloudflare, wrangler, the network and the clock.

import type { Cloudflare } from '../cloudflare/api.ts'
import type { Wrangler } from './release.ts'
import type { SmokePorts } from './smoke.ts'

export type DeployPorts = SmokePorts & {
  readonly cloudflare: Cloudflare
  readonly wrangler: Wrangler
  readonly say: (line: string) => void
}

export type DeployPlace = {
  readonly configPath: string
  /** Where the bundle may lie. */
  readonly bundleFolder: string
  /** Of package.json. */
  readonly version: string
  /** Of the commit, for people who look at versions. */
  readonly message: string
  /** Missing settings are told, not refused. */
  readonly isCloudflareBuild: boolean
  /** As the shell has them. */
  readonly smokeSecrets: { readonly webhook: string | null; readonly apiKey: string | null }
}
