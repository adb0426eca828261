// Loads src/ as it stands, or with one bug planted: a replacement of text, in a module graph of its own.

import type { Ports } from '../../../src/lib/ports.ts'
import { type Patch, plant, sourceUrl } from '../../support/source-modules.ts'
import { makeDrizzleQuick } from './drizzle-kinds.ts'

/** The Worker of one isolate. */
export type IsolateWorker = {
  readonly fetch: (
    request: Request,
    env: Env,
    context: ExecutionContext,
  ) => Response | Promise<Response>
  readonly queue: (
    batch: MessageBatch<unknown>,
    env: Env,
    context: ExecutionContext,
  ) => Promise<void>
  readonly scheduled: (
    controller: ScheduledController,
    env: Env,
    context: ExecutionContext,
  ) => Promise<void>
}

export type WorkerModule = { readonly createWorker: (ports: Ports) => IsolateWorker }

export async function loadWorker(
  name: string | null,
  own: readonly Patch[] = [],
): Promise<WorkerModule> {
  await makeDrizzleQuick()
  if (name !== null) plant(name, own)
  const module: WorkerModule = await import(sourceUrl('worker.ts', name))
  return module
}
