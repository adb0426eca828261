// Writes src/api/openapi/document.json from the routes' declarations. Run by `npm run openapi` after one of
// them has changed; a unit test notices when that was forgotten.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildDocument } from './build-document.ts'

function inProject(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

/** As the formatter of the project would have it, so that a check finds nothing to change. */
function formatted(json: string, path: string): string {
  const biome = inProject('node_modules/@biomejs/biome/bin/biome')
  const result = spawnSync(process.execPath, [biome, 'format', `--stdin-file-path=${path}`], {
    input: json,
    encoding: 'utf8',
  })
  if (result.status !== 0) throw new Error(`biome format failed: ${result.stderr}`)
  return result.stdout
}

const path = inProject('src/api/openapi/document.json')
writeFileSync(path, formatted(JSON.stringify(buildDocument(), null, 2), path))
process.stdout.write(`${path}\n`)
