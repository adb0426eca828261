import { bundleWorker } from '../support/bundle.ts'
import { measureRefusals, uncoveredPaths } from './refusals.ts'

const b = await bundleWorker('test/bench/workers/bare-worker.ts', 'bench-bare')
console.log(uncoveredPaths())
await measureRefusals(b, { rounds: 1, seconds: 0.3 }, (x) => console.log(JSON.stringify(x)))
