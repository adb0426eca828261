// Reading single settings out of Env. Each reader records a problem instead of throwing, and returns
// something harmless so that the others are read too.

import { fromBase64 } from './base64.ts'
import type { SealKeys } from './seal.ts'

/** Env as the runtime gives it: anything may be missing or of another kind. */
export type Settings = Readonly<Record<string, unknown>>

export type SettingProblem = { readonly setting: string; readonly problem: string }

const SECRET_BYTES = 32

export function readOptional(settings: Settings, setting: string): string | undefined {
  const value = settings[setting]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

export function readText(settings: Settings, setting: string, problems: SettingProblem[]): string {
  const value = readOptional(settings, setting)
  if (value === undefined) problems.push({ setting, problem: 'is missing' })
  return value ?? ''
}

/** Lists are separated by spaces; the first element is current, all count. */
export function readList(
  settings: Settings,
  setting: string,
  problems: SettingProblem[],
): readonly string[] {
  return readText(settings, setting, problems).split(/\s+/).filter(Boolean)
}

/** Base64 keys of 32 bytes each; null where one is malformed or none is given. */
export function readKeys(
  settings: Settings,
  setting: string,
  problems: SettingProblem[],
): SealKeys | null {
  const [first, ...rest] = readList(settings, setting, problems).map(fromBase64)
  if (first === undefined) return null
  const keys: SealKeys | null = first && rest.every((key) => key !== null) ? [first, ...rest] : null
  if (!keys || keys.some((key) => key.length !== SECRET_BYTES)) {
    problems.push({ setting, problem: `must be base64 keys of ${SECRET_BYTES} bytes each` })
    return null
  }
  return keys
}

/** Scheme and host, no path: what links and provider callbacks are built on. */
export function readOrigin(
  settings: Settings,
  setting: string,
  problems: SettingProblem[],
): string {
  const value = readUrl(settings, setting, problems)
  if (value !== '' && new URL(value).origin !== value) {
    problems.push({
      setting,
      problem: 'must be an origin like https://lock.example.com, no slash at the end',
    })
  }
  return value
}

export function readUrl(settings: Settings, setting: string, problems: SettingProblem[]): string {
  const value = readText(settings, setting, problems)
  if (value === '') return ''
  if (isHttpUrl(value)) return value
  problems.push({ setting, problem: 'must be an http or https URL' })
  return ''
}

/** An optional base URL: absent is fine, malformed is not. */
export function readBaseUrl(
  settings: Settings,
  setting: string,
  problems: SettingProblem[],
): string | undefined {
  return readOptional(settings, setting) === undefined
    ? undefined
    : readUrl(settings, setting, problems)
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

export function readMilliseconds(
  settings: Settings,
  setting: string,
  problems: SettingProblem[],
  bounds: { readonly defaultMs: number; readonly maxMs: number },
): number {
  return readWhole(settings, setting, problems, { fallback: bounds.defaultMs, max: bounds.maxMs })
}

/** A whole number from 1; `fallback` when the setting is absent. */
export function readWhole(
  settings: Settings,
  setting: string,
  problems: SettingProblem[],
  bounds: { readonly fallback: number; readonly max: number },
): number {
  const value = settings[setting]
  if (value === undefined || value === '') return bounds.fallback
  const whole = /^\d{1,9}$/.test(String(value)) ? Number(value) : 0
  if (whole >= 1 && whole <= bounds.max) return whole
  problems.push({ setting, problem: `must be a whole number from 1 to ${bounds.max}` })
  return bounds.fallback
}
