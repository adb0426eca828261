// Stands in for wrangler where a test needs no bundle: what its commands do to the account, from the wrangler.toml they are
// given. `unit/deploy/real-wrangler` holds that the real one does the same.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Environment, readEnvironment } from '../../../tools/cloudflare/environment.ts'
import type { Wrangler } from '../../../tools/deploy/release.ts'
import {
  addVersion,
  type FakeAccount,
  type FakeWorker,
  nextId,
  queueNamed,
  setConsumer,
  split,
} from './account.ts'

export type FakeWrangler = {
  readonly run: Wrangler
  /** Each command, without its options. */
  readonly commands: string[]
  /** What is bundled. */
  code: string
  /** The next command of this name fails. */
  failing: string | null
}

export function createWrangler(account: FakeAccount): FakeWrangler {
  const commands: string[] = []
  const wrangler: FakeWrangler = {
    ...{ commands, code: 'first', failing: null },
    run: async (args) => {
      const command = args.includes('--dry-run') ? 'bundle' : wordsOf(args).join(' ')
      commands.push(command)
      if (wrangler.failing === command) {
        wrangler.failing = null
        return { code: 1, output: `the stand-in was told to fail ${command}` }
      }
      if (command === 'bundle') {
        writeFileSync(join(optionOf(args, '--outdir'), 'index.js'), wrangler.code)
        return { code: 0, output: '' }
      }
      const environment = readEnvironment(optionOf(args, '--config'), optionOf(args, '--env'))
      for (const { id } of environment.databases) {
        if (id === null || !account.databases.has(id))
          return { code: 1, output: `no database ${id}` }
      }
      if (command !== 'triggers deploy') upload(account, environment, args, command === 'deploy')
      if (command !== 'versions upload') setTriggers(account, environment)
      return { code: 0, output: '' }
    },
  }
  return wrangler
}

function upload(
  account: FakeAccount,
  { worker: name, vars, observability }: Environment,
  args: readonly string[],
  isDeployed: boolean,
): void {
  const file = optionOf(args, '--secrets-file')
  const version = addVersion(account, name, {
    metadata: { vars },
    tag: optionOf(args, '--tag'),
    message: optionOf(args, '--message'),
    files: ['index.js'],
    secrets: file === '' ? {} : JSON.parse(readFileSync(file, 'utf8')),
  })
  const worker = account.workers.get(name)
  if (!worker || !isDeployed) return
  split(worker, [{ version_id: version.id, percentage: 100 }])
  worker.observability = observability
}

function setTriggers(account: FakeAccount, environment: Environment): void {
  const worker: FakeWorker | undefined = account.workers.get(environment.worker)
  if (!worker) return
  worker.crons = environment.crons
  worker.domains = environment.domains
  for (const { queue: name, deadLetterQueue, settings } of environment.consumers) {
    const queue = queueNamed(account, name)
    if (!queue) throw new Error(`no queue ${name}`)
    const known = queue.consumers.find(({ script }) => script === worker.name)
    setConsumer(queue, {
      consumer_id: known?.consumer_id ?? nextId(),
      ...{ type: 'worker', script: worker.name, dead_letter_queue: deadLetterQueue, settings },
    })
  }
}

/** `versions upload` of `versions upload --config …`. */
function wordsOf(args: readonly string[]): readonly string[] {
  const end = args.findIndex((arg) => arg.startsWith('--'))
  return args.slice(0, end)
}

function optionOf(args: readonly string[], name: string): string {
  const at = args.indexOf(name)
  return at === -1 ? '' : (args[at + 1] ?? '')
}
