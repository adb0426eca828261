// What a User-Agent header says of browser and system, in words an owner knows. A recognition aid
// and nothing more: the header is whatever the client wrote, so no decision may rest on it, and no
// word of it is repeated: what it may be called by is a closed list (known-clients.ts).

import Bowser from 'bowser'
import {
  APP,
  BENEATH_A_WEB_VIEW,
  CLIENTS,
  type NamedPattern,
  PARSED_BOT,
  PARSED_BROWSERS,
  PROGRAMS,
  SOME_APPLE_SYSTEM,
  SYSTEMS,
} from './known-clients.ts'

export type Device = {
  /** One of `CLIENT_NAMES`; `app` for an app's own HTTP client, and for a view of the web inside an app. */
  readonly browser: string | null
  /** One of `SYSTEM_NAMES`. Never a version: browsers report frozen ones (Windows 10, macOS 10.15, Android 10). */
  readonly os: string | null
}

const INPUT_LIMIT = 512

/** Total; null where the header says nothing we have a name for. */
export function readDevice(userAgent: string): Device {
  const ua = userAgent.slice(0, INPUT_LIMIT).trim()
  // bowser throws on an empty header.
  if (ua === '') return { browser: null, os: null }
  const isBrowser = /^(?:Mozilla|Opera)\//.test(ua)
  return { browser: isBrowser ? readBrowser(ua) : readProgram(ua), os: readSystem(ua) }
}

function find(table: readonly NamedPattern[], ua: string): string | null {
  return table.find(([pattern]) => pattern.test(ua))?.[1] ?? null
}

/** A client of its own kind: whatever it calls itself, more than that it is an app is not taken from it. */
function readProgram(ua: string): string | null {
  return find(PROGRAMS, ua) ?? (/^[^/()]{1,80}\/\S/.test(ua) ? APP : null)
}

function readBrowser(ua: string): string | null {
  const name = find(CLIENTS, ua) ?? readParsed(ua)
  if (name !== null && !BENEATH_A_WEB_VIEW.has(name)) return name
  return isWebView(ua) ? APP : name
}

function readParsed(ua: string): string | null {
  // Unparsed: the one question then costs only its own table.
  const name = Bowser.getParser(ua, true).getBrowserName()
  return PARSED_BROWSERS.get(name) ?? (PARSED_BOT.test(name) ? 'bot' : null)
}

/**
 * Android's marks itself; that of HarmonyOS NEXT is known by its engine. Safari on iOS always says so, and so do the
 * browsers there; a view of the web in an app does not.
 */
function isWebView(ua: string): boolean {
  if (/; wv\)|\bArkWeb\//.test(ua)) return true
  const isIos = /^Mozilla\/\S+ \((?:iPhone|iPad|iPod)\b/.test(ua)
  return isIos && !/\b(?:Safari|CriOS|FxiOS)\//.test(ua)
}

function readSystem(ua: string): string | null {
  if (/\bMacintosh\b/.test(ua)) return readMac(ua)
  const system = find(SYSTEMS, ua)
  if (system !== null) return system
  if (/\bmacOS\b|\bMac OS X\b/i.test(ua)) return 'macOS'
  if (!/\bCFNetwork\/|\bDarwin\/|\bAlamofire\//.test(ua)) return null
  // Intel Macs alone add their processor.
  return /\(x86_64\)/.test(ua) ? 'macOS' : SOME_APPLE_SYSTEM
}

// An iPad asks for desktop pages by calling itself a Mac. Browsers other than Safari give it away
// by their iOS product; Safari is the same on both, and a wrong "macOS" would alarm its owner.
function readMac(ua: string): string {
  if (/\b(?:CriOS|FxiOS|EdgiOS|OPiOS)\//.test(ua)) return 'iPadOS'
  const isSafari = /\bVersion\/[\d.]+ (?:Mobile\/\w+ )?Safari\//.test(ua)
  return isSafari ? 'Mac or iPad' : 'macOS'
}
