// A Chromium that needs nothing of the machine: binary, libraries and one font come from an npm
// package and are unpacked once. Only what a C++ program always has (glibc ≥ 2.34) is taken from
// the system, so that the pages look the same wherever the tests run.

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { PROJECT_ROOT } from '../support/bundle.ts'

const run = promisify(execFile)

/** Names another Chromium: the package has one for Linux on x64 only. */
const OVERRIDE = 'CHROMIUM_PATH'

const ARGS = [
  // Pages under test may reach this machine alone.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  '--disable-gpu',
  '--no-zygote',
  // Each context has a process all the same; this one keeps Chromium from starting a spare one beside it.
  '--renderer-process-limit=1',
  // Letter shapes do not depend on a machine's settings.
  '--font-render-hinting=none',
  '--disable-lcd-text',
]

export async function launchChromium(): Promise<Browser> {
  const override = process.env[OVERRIDE]
  if (override) return chromium.launch({ executablePath: override, args: ARGS })
  const folder = await unpackChromium()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    // The sandbox asks for rights that containers and root do not have; only our own pages are shown.
    chromiumSandbox: false,
    args: ARGS,
    env: {
      ...process.env,
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
    },
  })
}

/** Unpacks the package's browser unless that is done; safe to run in several processes at once. */
async function unpackChromium(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`on ${process.platform} ${process.arch}, ${OVERRIDE} must name a Chromium`)
  }
  const parent = join(PROJECT_ROOT, 'dist/chromium')
  const folder = join(parent, packageVersion())
  if (existsSync(folder)) return folder
  const staging = join(parent, randomUUID())
  mkdirSync(staging, { recursive: true })
  // The package unpacks into the temporary folder and takes what is there for whole. A process of its
  // own gets a folder of its own; the runtime's name is how it is asked for its libraries, too.
  const script = "import('@sparticuz/chromium').then((module) => module.default.executablePath())"
  await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
  })
  writeFileSync(join(staging, 'fonts.conf'), fontSettings(folder))
  try {
    renameSync(staging, folder)
  } catch (error) {
    rmSync(staging, { recursive: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

/**
 * The package's font first, whatever a page asks for: a machine's own would change every width. It has
 * Latin, Greek, Cyrillic and Hebrew letters; signs and other scripts come from the machine, if it has any.
 */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir>
<cachedir>${folder}/font-cache</cachedir>
<match target="pattern">
<test name="family" qual="all" compare="not_eq"><string>monospace</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Open Sans</string></edit>
</match>
<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family>
<family>Noto Sans Mono</family><family>Liberation Mono</family></prefer></alias>
</fontconfig>
`
}

function packageVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const manifest: unknown = createRequire(entry)('../package.json')
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) {
    throw new Error('the package of Chromium has no version')
  }
  return String(manifest.version)
}
