// The deployed Worker: the one of worker.ts, with the runtime's own clock, timers, chance and network.

import { realPorts } from './context.ts'
import { createWorker } from './worker.ts'

export default createWorker(realPorts)
