// A Worker over REST: what is deployed of it, its versions, secrets' names, triggers and addresses; splitting its traffic
// and putting a secret. Uploading code is wrangler's.

import * as v from 'valibot'
import type { Cloudflare } from './api.ts'

const TAG = 'workers/tag'

const VersionSchema = v.object({
  id: v.string(),
  number: v.optional(v.number(), 0),
  annotations: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
})
const VersionsSchema = v.object({ items: v.array(VersionSchema) })
const DeploymentsSchema = v.object({
  deployments: v.array(
    v.object({ versions: v.array(v.object({ version_id: v.string(), percentage: v.number() })) }),
  ),
})
const SecretsSchema = v.array(v.object({ name: v.string() }))
const SchedulesSchema = v.object({ schedules: v.array(v.object({ cron: v.string() })) })
const DomainsSchema = v.array(v.object({ hostname: v.string(), service: v.optional(v.string()) }))
const RoutesSchema = v.array(v.object({ pattern: v.string() }))
const SubdomainSchema = v.object({
  enabled: v.boolean(),
  previews_enabled: v.optional(v.boolean(), false),
})
const ScriptSettingsSchema = v.object({ observability: v.optional(v.nullable(v.unknown())) })

export type Version = { readonly id: string; readonly release: string | null }

/** Which share of the traffic a version gets, from 0 to 100. */
export type Share = { readonly versionId: string; readonly percentage: number }

/** The shares of now; null where there is no such Worker. */
export async function readShares(
  cloudflare: Cloudflare,
  worker: string,
): Promise<readonly Share[] | null> {
  const path = `workers/scripts/${worker}/deployments`
  const found = await cloudflare.find(path, DeploymentsSchema)
  if (found === null) return null
  return (found.deployments[0]?.versions ?? []).map(({ version_id, percentage }) => ({
    versionId: version_id,
    percentage,
  }))
}

/** Newest first; those that may still be deployed. */
export async function listVersions(
  cloudflare: Cloudflare,
  worker: string,
): Promise<readonly Version[]> {
  const path = `workers/scripts/${worker}/versions?deployable=true`
  const { items } = await cloudflare.ask('GET', path, VersionsSchema)
  return [...items]
    .sort((a, b) => b.number - a.number)
    .map(({ id, annotations }) => {
      const tag = annotations?.[TAG]
      return { id, release: typeof tag === 'string' && tag !== '' ? tag : null }
    })
}

export async function splitTraffic(
  cloudflare: Cloudflare,
  worker: string,
  shares: readonly Share[],
  message: string,
): Promise<void> {
  await cloudflare.ask('POST', `workers/scripts/${worker}/deployments`, v.unknown(), {
    strategy: 'percentage',
    versions: shares.map(({ versionId, percentage }) => ({ version_id: versionId, percentage })),
    annotations: { 'workers/message': message },
  })
}

export async function listSecretNames(
  cloudflare: Cloudflare,
  worker: string,
): Promise<readonly string[]> {
  const secrets = await cloudflare.find(`workers/scripts/${worker}/secrets`, SecretsSchema)
  return (secrets ?? []).map(({ name }) => name)
}

/** Makes and deploys a version that differs in this alone. The Worker has to be there. */
export async function putSecret(
  cloudflare: Cloudflare,
  worker: string,
  name: string,
  text: string,
): Promise<void> {
  const body = { name, text, type: 'secret_text' }
  await cloudflare.ask('PUT', `workers/scripts/${worker}/secrets`, v.unknown(), body)
}

export async function readCrons(
  cloudflare: Cloudflare,
  worker: string,
): Promise<readonly string[]> {
  const found = await cloudflare.find(`workers/scripts/${worker}/schedules`, SchedulesSchema)
  return (found?.schedules ?? []).map(({ cron }) => cron)
}

/** Host names that are this Worker's own. */
export async function readDomains(
  cloudflare: Cloudflare,
  worker: string,
): Promise<readonly string[]> {
  const query = new URLSearchParams({ service: worker })
  const domains = await cloudflare.ask('GET', `workers/domains?${query}`, DomainsSchema)
  return domains.map(({ hostname }) => hostname)
}

export async function readRoutes(
  cloudflare: Cloudflare,
  worker: string,
): Promise<readonly string[]> {
  const path = `workers/services/${worker}/environments/production/routes?show_zonename=true`
  return ((await cloudflare.find(path, RoutesSchema)) ?? []).map(({ pattern }) => pattern)
}

/** Whether it answers under workers.dev, and whether each of its versions does. */
export async function readWorkersDev(cloudflare: Cloudflare, worker: string) {
  const found = await cloudflare.find(`workers/scripts/${worker}/subdomain`, SubdomainSchema)
  return { isOn: found?.enabled ?? false, hasPreviews: found?.previews_enabled ?? false }
}

/** What is logged and kept: no part of a version. */
export async function readObservability(cloudflare: Cloudflare, worker: string): Promise<unknown> {
  const path = `workers/scripts/${worker}/script-settings`
  return (await cloudflare.find(path, ScriptSettingsSchema))?.observability ?? null
}

export async function setObservability(
  cloudflare: Cloudflare,
  worker: string,
  observability: unknown,
): Promise<void> {
  const path = `workers/scripts/${worker}/script-settings`
  await cloudflare.ask('PATCH', path, v.unknown(), { observability })
}
