// The owner ends a hold with a passkey.

import { PUBLIC_ORIGIN } from '../simulate/world.ts'
import type { World } from './world.ts'

/** From the text on the phone: the link, "it was me", the passkey. True where it ended the hold. */
export async function releaseBy(
  world: World,
  accountId: string,
  link: string,
): Promise<{ readonly isReleased: boolean; readonly taps: number }> {
  const get = (url: string) =>
    world.ask({ method: 'GET', url, headers: { 'accept-language': 'en' }, body: '' })
  const first = await get(link)
  const path = /href="([^"]*\/confirm)"/.exec(first.body)?.[1]
  if (path === undefined) return { isReleased: false, taps: 0 }
  const url = new URL(path, link).href
  const page = await get(url)
  const answer = world.passkeys.answer(accountId, page.body)
  if (answer === null) return { isReleased: false, taps: 1 }
  const headers = {
    'accept-language': 'en',
    'content-type': 'application/x-www-form-urlencoded',
    origin: PUBLIC_ORIGIN,
  }
  const { status } = await world.ask({ method: 'POST', url, headers, body: answer.toString() })
  return { isReleased: status === 200, taps: 2 }
}
