// wrangler as a child process, the one of node_modules: nothing asked, nothing reported to its makers.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Wrangler } from './release.ts'

/** @param access in wrangler's own names; where its API is, too */
export function wranglerIn(root: string, access: Readonly<Record<string, string>>): Wrangler {
  const script = join(root, 'node_modules/wrangler/bin/wrangler.js')
  return (args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [script, ...args], {
        cwd: root,
        env: { ...process.env, ...access, CI: '1', NO_COLOR: '1', WRANGLER_SEND_METRICS: 'false' },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const said: string[] = []
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => said.push(text))
      }
      child.on('error', reject)
      child.on('close', (code) => resolve({ code: code ?? 1, output: said.join('') }))
    })
}
