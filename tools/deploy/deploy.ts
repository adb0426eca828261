// A deployment from beginning to end: look, plan, do, ask whether it is well, say how to go back. Touches nothing before
// settings, code and plan are fine, and nothing that is not of its environment.

import { readEnvironment } from '../cloudflare/environment.ts'
import { judgeSettings, readSecretsFile, unboundDatabases } from '../cloudflare/settings.ts'
import { splitTraffic } from '../cloudflare/workers.ts'
import { carryOut, type Done } from './carry-out.ts'
import { goingBack } from './going-back.ts'
import { migrationsIn } from './migrate.ts'
import type { DeployOptions } from './options.ts'
import { isEmpty, planDeployment, type Wanted } from './plan.ts'
import type { DeployPlace, DeployPorts } from './ports.ts'
import { nameRelease } from './release.ts'
import { smokeTest } from './smoke.ts'
import { readState } from './state.ts'
import { planLines } from './tell.ts'

/** @throws with what to tell the operator where something fails; running it again goes on from there */
export async function deploy(
  options: DeployOptions,
  place: DeployPlace,
  ports: DeployPorts,
): Promise<0 | 1> {
  const { say, cloudflare } = ports
  const environment = readEnvironment(place.configPath, options.environment)
  const secrets = options.secretsFile === null ? {} : readSecretsFile(options.secretsFile)
  const label = environment.name || 'the top of wrangler.toml'
  say(`Deploying ${environment.worker} (${label})`)

  const verdict = judgeSettings(environment.vars, secrets)
  const problems = [
    ...(verdict.kind === 'refused' ? verdict.problems : []),
    ...unboundDatabases(environment.vars, environment.databases),
  ]
  if (verdict.kind === 'refused' || problems.length > 0) {
    for (const { setting, problem } of problems) say(`  fail  ${setting} ${problem}`)
    say('Settings are not as the Worker needs them. Nothing was touched.')
    return 1
  }
  say('  ok    settings')
  const release = await nameRelease(ports.wrangler, environment, place.bundleFolder, place.version)
  say(`  ok    bundle: release ${release}`)

  const state = await readState(cloudflare, environment)
  const wanted: Wanted = {
    environment,
    release,
    migrations: new Map(
      environment.databases.map((one) => [one.binding, migrationsIn(one.migrationsFolder)]),
    ),
    missing: verdict.kind === 'missing' ? verdict.names : [],
    secrets: Object.keys(secrets),
    percentage: options.percentage,
    mayLackSettings: place.isCloudflareBuild,
  }
  const planned = planDeployment(wanted, state)
  if (!planned.ok) {
    for (const refusal of planned.refusals) say(`  fail  ${refusal}`)
    say('Nothing was touched.')
    return 1
  }
  const { plan } = planned
  for (const line of planLines(plan, environment))
    say(`  ${options.isDryRun ? 'would' : 'to do'} ${line}`)
  if (options.isDryRun) {
    say(isEmpty(plan) ? 'Nothing would change.' : 'Nothing was touched: this was a dry run.')
    return 0
  }

  const test = {
    origin: String(environment.vars.PUBLIC_ORIGIN),
    release,
    secrets: {
      webhook: secrets.WEBHOOK_SECRETS ?? place.smokeSecrets.webhook,
      apiKey: secrets.API_KEYS ?? place.smokeSecrets.apiKey,
    },
    isReadOnly: isEmpty(plan),
  }
  const isWell = async (version: { readonly worker: string; readonly id: string } | null) => {
    if (options.skipsSmoke) return true
    say(`Asking ${test.origin}${version ? ', the new release by name' : ''}`)
    const lines = await smokeTest({ ...test, version }, ports)
    for (const { result, text } of lines) say(`  ${result.padEnd(4)}  ${text}`)
    return lines.every(({ result }) => result !== 'fail')
  }
  if (isEmpty(plan)) {
    say(`Nothing to change: ${release} is deployed.`)
    return (await isWell(null)) ? 0 : 1
  }

  const done = await carryOut({ wanted, plan, state, secrets, options, place, isWell }, ports)
  await report(done, { environment, cloudflare, say })
  return done.isWell ? 0 : 1
}

async function report(
  done: Done,
  {
    environment,
    cloudflare,
    say,
  }: Pick<DeployPorts, 'cloudflare' | 'say'> & Pick<Wanted, 'environment'>,
): Promise<void> {
  if (!done.isWell && done.sharesBefore.length > 0 && done.isStaged) {
    await splitTraffic(cloudflare, environment.worker, done.sharesBefore, 'not well')
    say('The new release is not well and gets no traffic; everything is answered as before.')
  } else if (!done.isWell) {
    say('The deployment is there, but not well.')
  } else {
    say(done.percentage === 100 ? 'Deployed.' : `Deployed to ${done.percentage} % of the traffic.`)
  }
  for (const line of goingBack(environment, done.before)) say(line)
}
