// D1 and Queues as Cloudflare's API answers of them.

import { addDatabase, type FakeQueue, nextId, runSql, setConsumer } from './account.ts'
import { type Answer, type Ask, fine, refused } from './answer.ts'
import { field, recordOf, textOf } from './body.ts'

export function listDatabases({ account, query }: Ask): Answer {
  const name = query.get('name') ?? ''
  const found = [...account.databases.values()].filter((one) => one.name.includes(name))
  return fine(found.map(({ uuid, name: its }) => ({ uuid, name: its })))
}

export function createDatabase({ account, body }: Ask): Answer {
  const name = textOf(body, 'name')
  const location = textOf(body, 'primary_location_hint') || null
  const isTaken = [...account.databases.values()].some((one) => one.name === name)
  if (isTaken) return refused(400, 7502, `A database with that name already exists`)
  return fine({ uuid: addDatabase(account, name, location).uuid, name })
}

export function oneDatabase({ account }: Ask, id = ''): Answer {
  const found = account.databases.get(id)
  return found ? fine({ uuid: found.uuid, name: found.name }) : refused(404, 7404, 'not found')
}

export function queryDatabase({ account, body }: Ask, id = ''): Answer {
  const database = account.databases.get(id)
  if (!database) return refused(404, 7404, 'The database does not exist')
  try {
    return fine([{ success: true, results: runSql(database, textOf(body, 'sql')), meta: {} }])
  } catch (error) {
    return refused(400, 7500, error instanceof Error ? error.message : String(error))
  }
}

export function bookmarkOf({ account }: Ask, id = ''): Answer {
  const database = account.databases.get(id)
  if (!database) return refused(404, 7404, 'The database does not exist')
  return fine({ bookmark: `0000000${database.bookmark}-00000001-00004e2f-0a83` })
}

export function queueView({ queue_id, queue_name, consumers, isPaused }: FakeQueue) {
  return { queue_id, queue_name, consumers, settings: { delivery_paused: isPaused } }
}

export function listQueues({ account, query }: Ask): Answer {
  const names = query.getAll('name')
  const isAsked = (name: string) => names.length === 0 || names.includes(name)
  const found = [...account.queues.values()].filter(({ queue_name }) => isAsked(queue_name))
  return fine(found.map(queueView), {
    result_info: { page: 1, total_pages: 1, count: found.length },
  })
}

export function putConsumer({ account, body }: Ask, queueId = '', consumerId?: string): Answer {
  const queue = account.queues.get(queueId)
  if (!queue) return refused(404, 11000, 'no such queue')
  const consumer = {
    consumer_id: consumerId ?? nextId(),
    type: 'worker',
    script: textOf(body, 'script_name'),
    dead_letter_queue: textOf(body, 'dead_letter_queue') || null,
    settings: recordOf(field(body, 'settings')),
  }
  setConsumer(queue, consumer)
  return fine(consumer)
}
