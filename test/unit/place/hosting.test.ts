// The data-centre heuristic: names it must know, names that only look alike, and short display.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostingName, LONGEST_NAME, shortenName } from '../../../tools/place-table/hosting.ts'

// A number no list knows, so that the name alone decides.
const UNLISTED = 64_500

describe('hostingName', () => {
  it.each([
    [16509, 'Amazon.com, Inc.', 'Amazon'],
    [24940, 'Hetzner Online GmbH', 'Hetzner'],
    [14061, 'DigitalOcean, LLC', 'DigitalOcean'],
    [16276, 'OVH SAS', 'OVH'],
    [396982, 'Google LLC', 'Google Cloud'],
    [8075, 'Microsoft Corporation', 'Microsoft Azure'],
    [63949, 'Akamai Technologies, Inc.', 'Akamai (Linode)'],
    [136907, 'HUAWEI INTERNATIONAL PTE. LTD.', 'Huawei Cloud'],
    [202425, 'IP Volume inc', 'IP Volume'],
    [UNLISTED, 'SuperHosting.BG Ltd.', 'SuperHosting.BG'],
    [UNLISTED, 'Indiana Data Center, LLC', 'Indiana Data Center'],
    [UNLISTED, 'Ferdinand Zink trading as Tube-Hosting', 'Tube-Hosting'],
    [UNLISTED, 'velia.net Internetdienste GmbH', 'velia.net'],
  ])('knows AS%d %s as %s', (asn, organisation, name) => {
    expect(hostingName(asn, organisation)).toBe(name)
  })

  it.each([
    [174, 'Cogent Communications'],
    [3320, 'Deutsche Telekom AG'],
    [7018, 'AT&T Enterprises, LLC'],
    [8881, '1&1 Versatel GmbH'],
    [2519, 'ARTERIA Networks Corporation'],
    [3462, 'Chunghwa Telecom Co., Ltd.'],
    [16591, 'Google Fiber Inc.'],
    [37611, 'AFRIHOST SP (PTY) LTD'],
    [UNLISTED, 'Echostar Studio Sp. z o.o.'],
    [UNLISTED, 'Mauna Kea Observatory'],
    [UNLISTED, 'Elderhostel, Inc.'],
    [UNLISTED, 'Telmex Colombia S.A.'],
    [UNLISTED, 'Cloud 9 Wireless LLC'],
    [UNLISTED, 'CLOUD NET TIME TELECOM'],
    [UNLISTED, 'St. Cloud Area Networks'],
    [UNLISTED, 'Wasserverband Nord'],
    [UNLISTED, 'Khost Media'],
    [UNLISTED, 'GhostFiber'],
    [UNLISTED, 'MAYBANK Data Center (Co-Location)'],
  ])('takes AS%d %s for no data centre', (asn, organisation) => {
    expect(hostingName(asn, organisation)).toBeNull()
  })
})

describe('shortenName', () => {
  it.each([
    ['"Cloud Technologies" LLC trading as Cloud.ru', 'Cloud.ru'],
    ['HOSTING INDUSTRY LIMITED', 'Hosting Industry'],
    ['Cloudflare London, LLC', 'Cloudflare London'],
    ['IHOR HOSTING LTD', 'IHOR Hosting'],
    ['LLC "ASTRA CLOUD"', 'Astra Cloud'],
    ['NTT Global Data Centers Americas, INC.', 'NTT Global Data Centers'],
    ['Gründer-Hosting GmbH', 'Grunder-Hosting'],
  ])('makes %s into %s', (organisation, expected) => {
    expect(shortenName(organisation)).toBe(expected)
  })

  it('is always short, printable ASCII without loose ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (organisation) => {
        const name = shortenName(organisation)
        expect(name.length).toBeLessThanOrEqual(LONGEST_NAME)
        expect(name).toMatch(/^(?:[A-Za-z0-9](?:[A-Za-z0-9 .,&+'/-]*[A-Za-z0-9])?)?$/)
      }),
      { numRuns: 1000 },
    )
  })
})
