// A plan in words, a line for each thing that changes. Pure.

import type { Environment } from '../cloudflare/environment.ts'
import type { Plan } from './plan.ts'

export function planLines(plan: Plan, environment: Environment): readonly string[] {
  const nameOf = (binding: string) =>
    environment.databases.find((database) => database.binding === binding)?.name ?? binding
  return [
    ...plan.databases.map((binding) => `create database ${nameOf(binding)}`),
    ...plan.queues.map((queue) => `create queue ${queue}`),
    ...plan.migrations.map(
      ({ binding, files }) => `migrate ${nameOf(binding)}: ${files.length} files, ${spanOf(files)}`,
    ),
    ...(plan.secrets.length > 0 ? [`put secrets ${plan.secrets.join(', ')}`] : []),
    ...(plan.upload === 'none' ? [] : ['upload the code']),
    ...(plan.upload === 'first' ? ['set consumers, cron and addresses'] : []),
    ...(plan.splits ? ['give the release its traffic'] : []),
    ...plan.triggers.map((trigger) => `set ${trigger}`),
    ...(plan.setsObservability ? ['set what is logged'] : []),
  ]
}

function spanOf(files: readonly string[]): string {
  const [first, last] = [files[0], files.at(-1)]
  return first === last ? `${first}` : `${first} to ${last}`
}
