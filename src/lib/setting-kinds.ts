// The kinds of settings there are. Each reader is total, says what is wrong without showing the value,
// and takes undefined, null and blank text alike for absent.

import { fromBase64 } from './base64.ts'
import { err, ok, type Result } from './result.ts'
import type { SealKeys } from './seal.ts'
import type { SettingKind } from './settings.ts'

const SECRET_BYTES = 32
const URL_PROBLEM = 'must be an http or https URL'
/** `fetch` refuses or drops them (Fetch §2.2.6, "includes credentials"), and whoever set them would wait for ever. */
const CREDENTIALS_PROBLEM = 'must hold no user or password: requests carry none of an address'

/** Text that is not blank, trimmed, as `parse` has it. */
export function textBy<T>(parse: (text: string) => Result<T, string>): SettingKind<T> {
  return {
    isRequired: true,
    read: (value) => {
      const text = typeof value === 'string' ? value.trim() : ''
      return text === '' ? err('is missing') : parse(text)
    },
  }
}

export const text: SettingKind<string> = textBy(ok)

export function textLike(isFine: (text: string) => boolean, problem: string): SettingKind<string> {
  return textBy((given) => (isFine(given) ? ok(given) : err(problem)))
}

/** Separated by white space; the first element is current, all count. */
export function listBy<T>(parse: (texts: readonly string[]) => Result<T, string>): SettingKind<T> {
  return textBy((given) => parse(given.split(/\s+/)))
}

export const list: SettingKind<readonly string[]> = listBy(ok)

export function listOf(isFine: (text: string) => boolean, problem: string) {
  return listBy((texts) => (texts.every(isFine) ? ok(texts) : err(problem)))
}

/** A list in which what stands twice counts once, where it stands first: whoever puts a former secret back to the front leaves it behind. */
export function secretsBy<T>(
  parse: (texts: readonly string[]) => Result<T, string>,
): SettingKind<T> {
  return listBy((texts) => parse([...new Set(texts)]))
}

/** Base64 keys of 32 bytes each. */
export const keys: SettingKind<SealKeys> = secretsBy((texts) => {
  const read = texts.map(fromBase64).filter((key) => key?.length === SECRET_BYTES)
  const [first, ...rest] = read.filter((key) => key !== null)
  return first && read.length === texts.length
    ? ok([first, ...rest])
    : err(`must be base64 keys of ${SECRET_BYTES} bytes each`)
})

export const url: SettingKind<string> = textBy((given) => {
  if (!isHttpUrl(given)) return err(URL_PROBLEM)
  const { username, password } = new URL(given)
  return username === '' && password === '' ? ok(given) : err(CREDENTIALS_PROBLEM)
})

/** Scheme and host, no path: what links and provider callbacks are built on. */
export function originWithin(maxLength: number): SettingKind<string> {
  return textBy((given) => {
    if (!isHttpUrl(given)) return err(URL_PROBLEM)
    if (new URL(given).origin !== given) {
      return err('must be an origin like https://lock.example.com, no slash at the end')
    }
    return given.length <= maxLength
      ? ok(given)
      : err(`must have at most ${maxLength} characters: it is part of every SMS`)
  })
}

/** Undefined where none is set. */
export function optional<T>(kind: SettingKind<T>): SettingKind<T | undefined> {
  return {
    ...kind,
    isRequired: false,
    read: (value, context) => {
      if (isAbsent(value)) return ok(undefined)
      return typeof value === 'string' ? kind.read(value, context) : err('must be text')
    },
  }
}

/** `fallback` where none is set. */
export function textOr(kind: SettingKind<string>, fallback: string): SettingKind<string> {
  const { read } = optional(kind)
  return {
    isRequired: false,
    fallback,
    read: (value, context) => {
      const given = read(value, context)
      return given.ok ? ok(given.value ?? fallback) : given
    },
  }
}

/** A whole number, from 1 unless `min` says otherwise. */
export function whole(bounds: {
  readonly fallback: number
  readonly min?: number
  readonly max: number
}): SettingKind<number> {
  const { fallback, min = 1, max } = bounds
  return {
    isRequired: false,
    bounds: `${min} to ${max}`,
    fallback: String(fallback),
    read: (value) => {
      if (isAbsent(value)) return ok(fallback)
      const isNumeral = /^\d{1,9}$/.test(typeof value === 'string' ? value.trim() : '')
      const number = isNumeral ? Number(value) : value
      return typeof number === 'number' && number >= min && number <= max && number % 1 === 0
        ? ok(number)
        : err(`must be a whole number from ${min} to ${max}`)
    },
  }
}

/** Optional, and read by a function that knows what an absent one means; JSON may be text or a value. */
export function readBy<T, Context = unknown>(
  read: SettingKind<T, Context>['read'],
  fallback?: string,
): SettingKind<T, Context> {
  return { isRequired: false, ...(fallback !== undefined && { fallback }), read }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}
