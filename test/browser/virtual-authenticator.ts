// A phone's own authenticator in Chromium: it verifies its user without asking, until it is told otherwise.

import type { CDPSession, Page } from 'playwright-core'

export type Device = { readonly cdp: CDPSession; readonly authenticatorId: string }

export async function plugIn(page: Page): Promise<Device> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { cdp, authenticatorId }
}
