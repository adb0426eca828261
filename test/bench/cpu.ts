// CPU time of what the bench has started, read from /proc: says what work costs also on a machine that
// is busy with other things. Null where there is no /proc.

import { readdirSync, readFileSync } from 'node:fs'

/** The kernel's unit in /proc/…/stat (USER_HZ), the same on every Linux machine. */
const TICK_MS = 10

/** Milliseconds of CPU that the direct children of this process have used so far. */
export function childrenCpuMs(): number | null {
  try {
    return childPids().reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  } catch {
    return null
  }
}

/** Direct children named `name`, or all. */
export function childPids(name?: string): readonly number[] {
  const self = `/proc/${process.pid}/task`
  return readdirSync(self)
    .flatMap((thread) => readFileSync(`${self}/${thread}/children`, 'utf8').trim().split(/\s+/))
    .filter((pid) => pid !== '')
    .map(Number)
    .filter((pid) => name === undefined || nameOf(pid) === name)
}

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
}

function cpuMsOf(pid: number): number {
  // The name in parentheses may hold anything; after it come the fields, `utime` the 12th of them.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
