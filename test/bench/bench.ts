import { bundleWorker } from '../support/bundle.ts'
import { measureCost } from './cost.ts'

const b = await bundleWorker('test/support/worker-under-test.ts', 'bench-counted')
console.table(await measureCost(b, 200))
