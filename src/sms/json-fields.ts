// Reading JSON that others wrote. Total: whatever is not there, or is of another type, is undefined.

import { parseJson } from '../lib/json.ts'

export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A JSON object, or null for any other text. */
export function parseRecord(text: string): JsonRecord | null {
  const value = parseJson(text)
  return isRecord(value) ? value : null
}

export function recordAt(record: JsonRecord, name: string): JsonRecord | undefined {
  const value = own(record, name)
  return isRecord(value) ? value : undefined
}

export function listAt(record: JsonRecord, name: string): readonly unknown[] | undefined {
  const value = own(record, name)
  return Array.isArray(value) ? value : undefined
}

/** A text that is not empty. */
export function textAt(record: JsonRecord, name: string): string | undefined {
  const value = own(record, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A text that may be empty: what a person wrote, say. */
export function anyTextAt(record: JsonRecord, name: string): string | undefined {
  const value = own(record, name)
  return typeof value === 'string' ? value : undefined
}

/** A whole number from 0, also where it is written as a text of digits. */
export function countAt(record: JsonRecord, name: string): number | undefined {
  const value = own(record, name)
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

/** An id a provider gave a message: a short token, never prose. */
export function idAt(record: JsonRecord, name: string): string | undefined {
  const value = textAt(record, name)
  return value !== undefined && /^[\w.:-]{1,200}$/.test(value) ? value : undefined
}

function own(record: JsonRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
