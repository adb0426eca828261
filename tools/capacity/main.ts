// `npm run capacity`.

import { readCapacityOptions } from './options.ts'
import { renderCapacity } from './render.ts'

const choice = readCapacityOptions(process.argv.slice(2))
console.log(choice.kind === 'say' ? choice.text : renderCapacity(choice.load))
process.exitCode = choice.kind === 'say' ? choice.exitCode : 0
