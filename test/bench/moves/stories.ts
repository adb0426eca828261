// What the histories say of each account afterwards.

import { type Client, inParallel } from '../open-loop.ts'
import type { Person } from './accounts.ts'

export type Story = {
  readonly logins: number
  /** To providers, for all of them. */
  readonly calls: number
}

const AT_ONCE = 16

/** @throws where one is not to be had. */
export async function readStories(
  client: Client,
  origin: string,
  apiKey: string,
  people: readonly Person[],
): Promise<ReadonlyMap<Person, Story>> {
  const stories = new Map<Person, Story>()
  const headers = { authorization: `Bearer ${apiKey}` }
  await inParallel(people.length, AT_ONCE, async (at) => {
    const person = people[at]
    if (!person) return
    const url = `${origin}/v1/accounts/${person.id}/logins`
    const { status, body } = await client.send('GET', url, headers, '')
    if (status !== 200) throw new Error(`the history of ${person.id} was answered ${status}`)
    stories.set(person, storyOf(JSON.parse(body)))
  })
  return stories
}

function storyOf({ logins }: { readonly logins: readonly Listed[] }): Story {
  const calls = logins.reduce((sum, { alert }) => sum + (alert?.attempts.length ?? 0), 0)
  return { logins: logins.length, calls }
}

type Listed = { readonly alert: { readonly attempts: readonly unknown[] } | null }
