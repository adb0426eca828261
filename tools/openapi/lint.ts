// Three public linters over the OpenAPI document, as a reader's tools would see it: Redocly, Spectral and
// Specmatic, each with the rules it recommends. They are fetched by npx, since together they weigh 170 MB;
// Specmatic needs Java. Fails on any warning.

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DOCUMENT = fileURLToPath(new URL('../../src/api/openapi/document.json', import.meta.url))

type Linter = {
  readonly name: string
  readonly args: readonly string[]
  /** What stands in the output of a run without complaints, and what in that of one with some. */
  readonly passes: RegExp
  readonly complains: RegExp
}

const LINTERS: readonly Linter[] = [
  {
    name: 'Redocly',
    args: ['@redocly/cli@2.77.0', 'lint', 'openapi.json'],
    passes: /Your API description is valid/,
    complains: /\b\d+ (warning|error)/,
  },
  {
    name: 'Spectral',
    args: [
      '--package=@stoplight/spectral-cli@6.16.3',
      'spectral',
      'lint',
      'openapi.json',
      '--fail-severity=hint',
    ],
    passes: /No results with a severity/,
    complains: /\d+ problem/,
  },
  {
    name: 'Specmatic',
    args: [
      'specmatic@2.55.1',
      'examples',
      'validate',
      '--spec-file',
      'openapi.json',
      '--examples-to-validate=INLINE',
    ],
    passes: /All \d+ example\(s\) are valid/,
    complains: /WARNING|OAS\d{4}/,
  },
]

/** What a linter has to say, or null when it is content. */
function run({ args, passes, complains }: Linter, cwd: string): string | null {
  const result = spawnSync('npx', ['--yes', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', SCARF_ANALYTICS: 'false', NO_COLOR: '1' },
  })
  const output = result.stdout + result.stderr
  return result.status === 0 && passes.test(output) && !complains.test(output) ? null : output
}

const folder = mkdtempSync(join(tmpdir(), 'openapi-lint-'))
copyFileSync(DOCUMENT, join(folder, 'openapi.json'))
writeFileSync(join(folder, '.spectral.yaml'), 'extends: ["spectral:oas"]\n')
for (const linter of LINTERS) {
  const complaint = run(linter, folder)
  process.stdout.write(`${linter.name}: ${complaint === null ? 'no warning' : `\n${complaint}`}\n`)
  if (complaint !== null) process.exitCode = 1
}
rmSync(folder, { recursive: true })
