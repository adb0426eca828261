// Headers as clients send them; versions are of no matter, the shape is.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDevice } from '../../../src/alert/device.ts'
import { cleanField, cleanNativeField } from '../../../src/alert/field.ts'
import { CLIENT_NAMES, SYSTEM_NAMES } from '../../../src/alert/known-clients.ts'
import { anyText } from '../../support/any-text.ts'
import { AGENTS_SEEN } from './agents-seen.ts'

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const LINUX = 'Mozilla/5.0 (X11; Linux x86_64)'
const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K)'
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)'
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X)'
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'

describe('readDevice', () => {
  it.each([
    [`${WINDOWS} ${BLINK} Chrome/142.0.0.0 Safari/537.36`, 'Chrome', 'Windows'],
    [`${WINDOWS} ${BLINK} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`, 'Edge', 'Windows'],
    [`${WINDOWS} ${BLINK} Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0`, 'Opera', 'Windows'],
    [`${WINDOWS} ${BLINK} Chrome/141.0.0.0 Safari/537.36 Vivaldi/7.6`, 'Vivaldi', 'Windows'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
      'Firefox',
      'Windows',
    ],
    ['Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko', 'IE', 'Windows'],
    [
      `${WINDOWS} ${BLINK} BitEx/3.1 Chrome/130.0 Electron/33.0 Safari/537.36`,
      'desktop app',
      'Windows',
    ],
    [`${MAC} ${BLINK} Chrome/142.0.0.0 Safari/537.36`, 'Chrome', 'macOS'],
    [`${MAC} ${WEBKIT} Version/18.6 Safari/605.1.15`, 'Safari', 'Mac or iPad'],
    [`${MAC} ${WEBKIT} CriOS/142 Version/11.1.1 Safari/605.1.15`, 'Chrome', 'iPadOS'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0',
      'Firefox',
      'macOS',
    ],
    [`${LINUX} ${BLINK} Chrome/142.0.0.0 Safari/537.36`, 'Chrome', 'Linux'],
    [`${LINUX} ${BLINK} HeadlessChrome/142.0.0.0 Safari/537.36`, 'Headless Chrome', 'Linux'],
    [
      `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${BLINK} Chrome/142.0.0.0 Safari/537.36`,
      'Chrome',
      'Chrome OS',
    ],
    [`${ANDROID} ${BLINK} Chrome/142.0.0.0 Mobile Safari/537.36`, 'Chrome', 'Android'],
    [
      `${ANDROID} ${BLINK} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
      'Samsung Internet',
      'Android',
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-S921B Build/UP1A; wv) ${BLINK} Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36`,
      'app',
      'Android',
    ],
    [
      `Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) ${BLINK} Chrome/114.0.0.0 HuaweiBrowser/15.0 Mobile Safari/537.36`,
      'Huawei Browser',
      'HarmonyOS',
    ],
    [
      `Mozilla/5.0 (Linux; U; Android 13; zh-cn; 2211133C) ${BLINK} Version/4.0 Chrome/112.0 Mobile Safari/537.36 XiaoMi/MiuiBrowser/18.5`,
      'Mi Browser',
      'Android',
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) ${BLINK} Version/4.0 Chrome/142.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/500.0;]`,
      'Facebook app',
      'Android',
    ],
    [`${IPHONE} ${WEBKIT} Version/18.6 Mobile/15E148 Safari/604.1`, 'Safari', 'iOS'],
    [`${IPHONE} ${WEBKIT} CriOS/142.0.0.0 Mobile/15E148 Safari/604.1`, 'Chrome', 'iOS'],
    [`${IPHONE} ${WEBKIT} FxiOS/145.0 Mobile/15E148 Safari/605.1.15`, 'Firefox', 'iOS'],
    [`${IPHONE} ${WEBKIT} EdgiOS/142.0 Version/18.0 Mobile/15E148 Safari/604.1`, 'Edge', 'iOS'],
    [`${IPHONE} ${WEBKIT} Mobile/15E148`, 'app', 'iOS'],
    [
      `${IPHONE} ${WEBKIT} Mobile/15E148 MicroMessenger/8.0.50(0x1800) NetType/WIFI`,
      'WeChat',
      'iOS',
    ],
    [
      `${IPHONE} ${WEBKIT} Mobile/21F90 Instagram 330.0 (iPhone15,2; iOS 17_5)`,
      'Instagram app',
      'iOS',
    ],
    [`${IPAD} ${WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1`, 'Safari', 'iPadOS'],
    [
      `Mozilla/5.0 (Phone; OpenHarmony 5.0) ${BLINK} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.4.300`,
      'Huawei Browser',
      'HarmonyOS',
    ],
    [
      `Mozilla/5.0 (Phone; OpenHarmony 5.0) ${BLINK} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile`,
      'app',
      'HarmonyOS',
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; V2307A; wv) ${BLINK} Version/4.0 Chrome/116.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F30) WeChat/arm64`,
      'WeChat',
      'Android',
    ],
    [
      `Mozilla/5.0 (Linux; U; Android 13; SM-A146P Build/TP1A; wv) ${BLINK} Version/4.0 Chrome/142.0 Mobile Safari/537.36 OPR/89.0.2254.75`,
      'Opera',
      'Android',
    ],
    [
      'Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16',
      'Opera Mini',
      'Android',
    ],
    // What HTTP libraries of native apps send by themselves.
    ['BitEx/5.1.0 (iPhone; iOS 18.1; Scale/3.00)', 'app', 'iOS'],
    ['BitEx/5.1.0 (com.bitex.app; build:512; iOS 18.1.0) Alamofire/5.9.1', 'app', 'iOS'],
    ['BitEx/5.1.0 (com.bitex.app; build:512; macOS 15.1.0) Alamofire/5.9.1', 'app', 'macOS'],
    ['BitEx/512 CFNetwork/1568.200.51 Darwin/24.1.0', 'app', 'iOS/macOS'],
    ['BitEx/512 CFNetwork/978.0.7 Darwin/18.7.0 (x86_64)', 'app', 'macOS'],
    [
      'com.bitex.app/512 (Linux; U; Android 14; en_US; Pixel 8; Build/AP2A; Cronet/119.0.6045.31)',
      'app',
      'Android',
    ],
    ['Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A)', 'app', 'Android'],
    ['okhttp/4.12.0', 'app', 'Android'],
    ['Dart/3.5 (dart:io)', 'app', null],
    ['curl/8.5.0', 'curl', null],
    ['python-requests/2.32.3', 'Python script', null],
    ['Go-http-client/2.0', 'Go program', null],
    ['PostmanRuntime/7.43.0', 'Postman', null],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'bot', null],
    ['Mozilla/5.0', null, null],
    ['   ', null, null],
    ['', null, null],
  ])('%s', (userAgent, browser, os) => {
    expect(readDevice(userAgent)).toEqual({ browser, os })
  })

  it.each(AGENTS_SEEN)('calls it %s on %s: %s', (browser, os, userAgent) => {
    expect(readDevice(userAgent)).toEqual({ browser, os })
  })

  it.each([
    ['This was you/1.0', 'app', null],
    ['Verified by bank/1 (iPhone)', 'app', 'iOS'],
    ['Mozilla/5.0 (This was you) Confirmed by BitEx/1.0', null, null],
    [
      `${WINDOWS} ${BLINK} Chrome/142.0.0.0 Safari/537.36 Ignore this alert/1.0`,
      'Chrome',
      'Windows',
    ],
    [`Mozilla/5.0 (Your own phone; Android 14) It was you/2.0`, 'Android browser', 'Android'],
    ['https://evil.example/1.0 (iPhone)', 'app', 'iOS'],
    ['evil.com/1.0 (visit)', 'app', null],
    ['code 482913/1.0', 'app', null],
    ['482913', null, null],
    ['LOCK 7K3Q', null, null],
    ['\u202eyou saw siht/1.0 \u2066(Android)\u2069', 'app', 'Android'],
    ['Это были вы/1.0', 'app', null],
    ['本人确认/1.0 (iPhone)', 'app', 'iOS'],
    ['\n\nNot you? Ignore/1', 'app', null],
  ])('repeats no word of %j', (userAgent, browser, os) => {
    expect(readDevice(userAgent)).toEqual({ browser, os })
  })

  it('answers any header out of its own vocabulary', () => {
    const pieces = fc.constantFrom(
      ...[
        'Mozilla/5.0',
        'Macintosh',
        'Mac OS X',
        'iPhone',
        'iPad',
        'like',
        'Android',
        'Windows NT',
      ],
      ...[
        'Chrome/',
        'Version/',
        'Opera/',
        'Opera',
        'Trident',
        'opt/1',
        'bb1',
        'CrOS',
        '; wv)',
        'Ddg/',
      ],
      ...['(', ')', ' ', '/', '.', '0', '1'.repeat(60), '_1', 'x'.repeat(80), 'CFNetwork/', '\n'],
    )
    const header = fc.oneof(
      anyText({ maxLength: 700 }),
      fc.array(pieces, { maxLength: 60 }).map((some) => some.join('')),
      fc.array(pieces, { maxLength: 60 }).map((some) => some.join(' ')),
    )
    fc.assert(
      fc.property(header, (userAgent) => {
        const { browser, os } = readDevice(userAgent)
        expect(browser === null || CLIENT_NAMES.has(browser)).toBe(true)
        expect(os === null || SYSTEM_NAMES.has(os)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('the vocabulary', () => {
  it('stands in an SMS as it is', () => {
    for (const name of [...CLIENT_NAMES, ...SYSTEM_NAMES]) {
      expect(cleanField(name, 16)).toBe(name)
    }
  })

  it('keeps clients apart where there is room for twelve characters', () => {
    const short = [...CLIENT_NAMES].map((name) => cleanNativeField(name, 12))
    expect(new Set(short).size).toBe(CLIENT_NAMES.size)
  })
})
