// What a User-Agent header says of browser and system, in words an owner knows. A recognition aid
// and nothing more: the header is whatever the client wrote, so no decision may rest on it.

import Bowser from 'bowser'

export type Device = {
  /** At most 20 of letters, digits, space, `_` and `-`; `app` for an app's own HTTP library. */
  readonly browser: string | null
  /** Never a version: current browsers report frozen ones (Windows 10, macOS 10.15, Android 10). */
  readonly os: string | null
}

const INPUT_LIMIT = 512
const NAME_LIMIT = 20

// Clients that are no browser, by the product that opens the header.
const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/^curl\//i, 'curl'],
  [/^wget\//i, 'Wget'],
  [/^(?:python|aiohttp|httpx|scrapy)\b/i, 'Python script'],
  [/^(?:axios|node|node-fetch|undici|got|bun)\b/i, 'Node script'],
  [/^go-http-client\//i, 'Go program'],
  [/^(?:java|apache-httpclient|jakarta)\b/i, 'Java program'],
  [/^(?:guzzlehttp|php)\b/i, 'PHP script'],
  [/^(?:libwww-perl|lwp)\b/i, 'Perl script'],
  [/^(?:ruby|faraday)\b/i, 'Ruby script'],
  [/^postmanruntime\//i, 'Postman'],
  [/^insomnia\//i, 'Insomnia'],
  [/^(?:okhttp|dalvik|dart|alamofire|ktor-client|cronet)\b|\bCFNetwork\/|\bAlamofire\//i, 'app'],
]

// What bowser 2.15 reports as the browser underneath, or not at all.
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/HuaweiBrowser/i, 'Huawei Browser'],
  [/HeadlessChrome/i, 'Headless Chrome'],
  [/\bFBA[NV]\//, 'Facebook app'],
  [/\bInstagram\b/, 'Instagram app'],
  [/\bLine\/\d/, 'LINE app'],
  [/\b(?:BytedanceWebview|musical_ly)\b/i, 'TikTok app'],
  [/\bTelegram-/, 'Telegram app'],
  [/\bElectron\//, 'desktop app'],
  [/\bAndroid\b.*; wv\)/, 'app'],
  // Safari on iOS always says so; a web view in an app does not.
  [
    /^Mozilla\/\S+ \((?:iPhone|iPad|iPod)\b(?!.*(?:Safari|CriOS|FxiOS|EdgiOS|OPiOS|OPT|MicroMessenger)\/)/,
    'app',
  ],
]

const SHORT_NAMES = new Map([
  ['Microsoft Edge', 'Edge'],
  ['Samsung Internet for Android', 'Samsung Internet'],
  ['NAVER Whale Browser', 'Whale'],
  ['Miui', 'Mi Browser'],
  ['Android Browser', 'Android browser'],
])

/** Total; null where the header says nothing usable. */
export function readDevice(userAgent: string): Device {
  const ua = userAgent.slice(0, INPUT_LIMIT).trim()
  // bowser throws on an empty header.
  if (ua === '') return { browser: null, os: null }
  // Unparsed: each question below then costs only its own table.
  const parser = Bowser.getParser(ua, true)
  const browser = find(SCRIPTS, ua) ?? find(BROWSERS, ua) ?? readBrowser(ua, parser)
  return { browser, os: readOs(ua, parser) }
}

type Parser = ReturnType<typeof Bowser.getParser>

function find(table: readonly (readonly [RegExp, string])[], ua: string): string | null {
  return table.find(([pattern]) => pattern.test(ua))?.[1] ?? null
}

function readBrowser(ua: string, parser: Parser): string | null {
  // A client of its own kind: bowser would take any text before a slash for its name.
  if (!/^(?:Mozilla|Opera)\//.test(ua)) return readProduct(ua)
  const name = parser.getBrowserName()
  return bounded(SHORT_NAMES.get(name) ?? name)
}

function readProduct(ua: string): string | null {
  return bounded(/^([A-Za-z][\w -]*)\/\d/.exec(ua)?.[1] ?? '')
}

function bounded(name: string): string | null {
  return /^[A-Za-z][\w -]*$/.test(name) ? name.slice(0, NAME_LIMIT).trim() : null
}

function readOs(ua: string, parser: Parser): string | null {
  if (/HarmonyOS|OpenHarmony/i.test(ua)) return 'HarmonyOS'
  if (/\biPad\b/.test(ua)) return 'iPadOS'
  if (/\((?:iPhone|iPod)\b/.test(ua)) return 'iOS'
  if (/\bMacintosh\b/.test(ua)) return readMac(ua)
  if (/\bCFNetwork\/|\bDarwin\//.test(ua)) return null
  const name = parser.getOSName()
  return bounded(name)
}

// An iPad asks for desktop pages by calling itself a Mac. Browsers other than Safari give it away
// by their iOS product; Safari is the same on both, and a wrong "macOS" would alarm its owner.
function readMac(ua: string): string {
  if (/\b(?:CriOS|FxiOS|EdgiOS|OPiOS)\//.test(ua)) return 'iPadOS'
  const isSafari = /\bVersion\/[\d.]+ (?:Mobile\/\w+ )?Safari\//.test(ua)
  return isSafari ? 'Mac or iPad' : 'macOS'
}
