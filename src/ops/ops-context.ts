// What the operator's pages and the watch over everything need of the context.

import type { DeliverContext } from '../deliver/deliver-context.ts'
import type { ExchangeContext } from '../exchange/exchange-context.ts'
import type { CodePolicy } from '../guard/code-policy.ts'
import type { SweepJob } from '../jobs.ts'
import type { KeptDays } from './kept-settings.ts'
import type { OpsMemory } from './ops-memory.ts'
import type { OpsSettings } from './ops-settings.ts'

export type OpsContext = DeliverContext &
  ExchangeContext & {
    readonly config: {
      readonly ops: OpsSettings
      readonly codePolicy: CodePolicy
      readonly kept: KeptDays
    }
    readonly sweep: Queue<SweepJob>
    /** Where data points go, where the deployment has the binding. */
    readonly points: AnalyticsEngineDataset | null
    readonly ops: OpsMemory
  }
