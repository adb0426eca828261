// The usual stack, first half: takes signed webhooks and puts a job into BullMQ. 202 means that Redis has
// it on disk. Runs in a folder of its own, where its packages are installed; nothing of Lockline in it.

import { createServer } from 'node:http'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { Webhook } from 'standardwebhooks'

const { PORT, REDIS_PORT, WEBHOOK_SECRET, API_KEY } = process.env
const connection = { host: '127.0.0.1', port: Number(REDIS_PORT) }
const redis = new Redis({ ...connection, maxRetriesPerRequest: null })
const queue = new Queue('alerts', { connection })
const webhook = new Webhook(WEBHOOK_SECRET)

async function takeEvent(request, body) {
  let event
  try {
    event = webhook.verify(body, request.headers)
  } catch {
    return { status: 401, answer: { code: 'invalid_signature' } }
  }
  const id = request.headers['webhook-id']
  // The id of the webhook is the id of the job: the same event again is no second job.
  await queue.add('login', event.data, {
    jobId: id,
    attempts: 5,
    backoff: { type: 'exponential', delay: 1_000 },
    removeOnComplete: 10_000,
  })
  return { status: 202, answer: { alert_id: id } }
}

async function importAccount(request, body) {
  if (request.headers.authorization !== `Bearer ${API_KEY}`) return { status: 401, answer: {} }
  const accountId = request.url.split('/').at(-1)
  await redis.hset('phones', accountId, JSON.parse(body).phone)
  return { status: 200, answer: {} }
}

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString('utf8')
  const take = request.method === 'PUT' ? importAccount : takeEvent
  try {
    const { status, answer } = await take(request, body)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  } catch (error) {
    console.error(error)
    response.writeHead(503).end()
  }
})
server.keepAliveTimeout = 65_000
server.listen(Number(PORT), '127.0.0.1', () => console.log('ready'))
