// What a figure was measured on: without it a figure says nothing.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../support/bundle.ts'

export type Machine = {
  /** Of the day, ISO 8601. */
  readonly date: string
  readonly cores: number
  readonly cpu: string
  readonly node: string
  readonly workerd: string
  readonly commit: string
}

export function readMachine(): Machine {
  const [cpu] = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: cpus().length,
    cpu: cpu?.model.trim() ?? 'unknown',
    node: process.version,
    workerd: readVersion('workerd'),
    commit: readCommit(),
  }
}

function readVersion(name: string): string {
  const path = join(PROJECT_ROOT, 'node_modules', name, 'package.json')
  return JSON.parse(readFileSync(path, 'utf8')).version
}

/** With a plus when files differ from it, docs aside: those the bench writes itself. */
function readCommit(): string {
  const git = (...parameters: string[]) =>
    execFileSync('git', parameters, { cwd: PROJECT_ROOT, encoding: 'utf8' }).trim()
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'test', 'migrations', 'wrangler.toml')
    return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}

/** The last minute's load average: above the number of cores, times are those of a busy machine. */
export function loadAverage(): number {
  return Number((loadavg()[0] ?? 0).toFixed(2))
}
