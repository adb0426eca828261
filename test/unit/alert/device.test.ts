// Headers as clients send them; versions are of no matter, the shape is.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDevice } from '../../../src/alert/device.ts'

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
    [
      'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko',
      'Internet Explorer',
      'Windows',
    ],
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
    ['BitEx/5.1.0 (iPhone; iOS 18.1; Scale/3.00)', 'BitEx', 'iOS'],
    ['BitEx/512 CFNetwork/1568.200.51 Darwin/24.1.0', 'app', null],
    ['Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A)', 'app', 'Android'],
    ['okhttp/4.12.0', 'app', null],
    ['curl/8.5.0', 'curl', null],
    ['python-requests/2.32.3', 'Python script', null],
    ['Go-http-client/2.0', 'Go program', null],
    ['PostmanRuntime/7.43.0', 'Postman', null],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot', null],
    ['Mozilla/5.0', null, null],
    ['evil.com/1.0 (visit)', null, null],
    ['   ', null, null],
    ['', null, null],
  ])('%s', (userAgent, browser, os) => {
    expect(readDevice(userAgent)).toEqual({ browser, os })
  })

  it('answers any header, in short plain names', () => {
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
      fc.string({ unit: 'binary', maxLength: 700 }),
      fc.array(pieces, { maxLength: 60 }).map((some) => some.join('')),
      fc.array(pieces, { maxLength: 60 }).map((some) => some.join(' ')),
    )
    const name = /^[A-Za-z][\w -]{0,19}$/
    fc.assert(
      fc.property(header, (userAgent) => {
        const { browser, os } = readDevice(userAgent)
        expect(browser ?? 'none').toMatch(name)
        expect(os ?? 'none').toMatch(name)
      }),
      { numRuns: 5000 },
    )
  })
})
