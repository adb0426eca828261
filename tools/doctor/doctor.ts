// The doctor's round: each part looked at though another fails. Changes nothing.

import { parseConfig } from '../../src/config.ts'
import { paths } from '../../src/paths.ts'
import type { Cloudflare } from '../cloudflare/api.ts'
import { type Environment, readEnvironment } from '../cloudflare/environment.ts'
import { idlePorts, judgeSettings, readSecretsFile } from '../cloudflare/settings.ts'
import { fetchProblem } from '../fetch-problem.ts'
import { callbackLines } from './callbacks.ts'
import { fail, type Line, lineOr, ok, printed, warn } from './line.ts'
import type { DoctorOptions } from './options.ts'
import { platformReport } from './platform.ts'
import { providerLines } from './providers.ts'
import { pulseLines } from './pulse.ts'
import { senderLines } from './senders.ts'
import { standIns } from './stand-ins.ts'

export type DoctorPorts = {
  readonly cloudflare: Cloudflare
  readonly configPath: string
  readonly fetch: typeof fetch
  readonly now: () => number
  readonly say: (line: string) => void
}

/** @throws where there is no such environment, or the secrets file cannot be read */
export async function doctor(options: DoctorOptions, ports: DoctorPorts): Promise<0 | 1> {
  const environment = readEnvironment(ports.configPath, options.environment)
  const secrets = options.secretsFile === null ? {} : readSecretsFile(options.secretsFile)
  const found: Line[] = []
  const tell = (title: string, lines: readonly Line[]) => {
    ports.say(title)
    for (const line of lines) ports.say(printed(line))
    found.push(...lines)
  }
  const settings = { ...environment.vars, ...secrets }
  let known: readonly string[] = []
  let databaseId: string | null = null
  const platform = await lineOr('Cloudflare', async () => {
    const report = await platformReport(ports.cloudflare, environment)
    known = report.secrets
    databaseId = report.databaseId
    return report.lines
  })
  tell('Settings', settingLines(environment, secrets, known))
  tell('Cloudflare', platform)
  const pulse = await lineOr('heartbeat', async () =>
    databaseId === null ? [] : pulseLines(ports.cloudflare, databaseId, ports.now()),
  )
  tell('Deployment', [await healthLine(environment, ports), ...pulse])
  tell(
    'Law of senders',
    await lineOr('senders', async () => lawLines(settings, known, ports.now())),
  )
  const providers = String(settings.SMS_PROVIDERS ?? '')
    .split(/\s+/)
    .filter(Boolean)
  tell('Providers', await providerLines(providers, settings, ports.fetch))
  if (!options.skipsCallback) {
    const test = {
      url: String(environment.vars.CALLBACK_URL),
      secrets: secrets.CALLBACK_SECRETS ?? null,
      now: ports.now(),
    }
    tell('Callbacks', await lineOr('callbacks', () => callbackLines(test, ports.fetch)))
  }
  const count = (result: Line['result']) => found.filter((line) => line.result === result).length
  ports.say(`${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failed`)
  return count('fail') > 0 ? 1 : 0
}

function settingLines(
  { vars }: Environment,
  secrets: Readonly<Record<string, string>>,
  known: readonly string[],
): readonly Line[] {
  const verdict = judgeSettings(vars, secrets)
  if (verdict.kind === 'fine') return [ok('complete, and as the Worker reads them')]
  if (verdict.kind === 'refused') {
    return verdict.problems.map(({ setting, problem }) =>
      fail(`${setting} ${problem}`, 'README, Settings, has the format.'),
    )
  }
  const missing = verdict.names.filter((name) => !known.includes(name))
  return missing.length > 0
    ? missing.map((name) =>
        fail(
          `${name} is set nowhere`,
          `npx wrangler secret put ${name}, or vars in wrangler.toml.`,
        ),
      )
    : [ok(`complete: ${verdict.names.length} of them are secrets, whose form /healthz judges`)]
}

function lawLines(
  settings: Readonly<Record<string, unknown>>,
  known: readonly string[],
  now: number,
): readonly Line[] {
  const config = parseConfig({ ...standIns(known), ...settings }, idlePorts)
  if (config.ok) return senderLines(config.value, now)
  const act = 'Put the settings right first, or give --secrets-file.'
  return [warn('not looked at: the settings cannot be read as a whole here', act)]
}

async function healthLine(environment: Environment, ports: DoctorPorts): Promise<Line> {
  const url = `${environment.vars.PUBLIC_ORIGIN}${paths.health}`
  try {
    const response = await ports.fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    })
    const body = (await response.text()).slice(0, 400)
    const word = /"status":\s*"(\w+)"/.exec(body)?.[1] ?? ''
    if (response.status === 200 && ['ok', 'well'].includes(word)) return ok(`/healthz: ${word}`)
    const act = 'docs/runbook.md, by the incident that /ops shows.'
    const text = `/healthz answers ${response.status}: ${body}`
    return response.status === 200 ? warn(text, act) : fail(text, act)
  } catch (error) {
    const act = 'The domain, its certificate, its DNS record.'
    return fail(`${url} does not answer: ${fetchProblem(error)}`, act)
  }
}
