// The usual stack, second half: fifty jobs at once, each an SMS by the first provider or, when that fails
// or is silent for three seconds, by the second: notifme-sdk's fallback.

import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import notifme from 'notifme-sdk'

const { REDIS_PORT, TWILIO_URL, TWILIO_SID, TWILIO_TOKEN, INFOBIP_URL, INFOBIP_KEY } = process.env
const ABORT_MS = 3_000
const connection = { host: '127.0.0.1', port: Number(REDIS_PORT) }
const redis = new Redis({ ...connection, maxRetriesPerRequest: null })

async function post(url, headers, body) {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), ABORT_MS)
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal: abort.signal })
    if (!response.ok) throw new Error(`answered ${response.status}`)
    return await response.json()
  } finally {
    clearTimeout(timer)
  }
}

const twilio = {
  type: 'custom',
  id: 'twilio',
  send: async ({ from, to, text }) => {
    const basic = Buffer.from(`${TWILIO_SID}:${TWILIO_TOKEN}`).toString('base64')
    const headers = { authorization: `Basic ${basic}` }
    const url = `${TWILIO_URL}/2010-04-01/Accounts/${TWILIO_SID}/Messages.json`
    const body = new URLSearchParams({ From: from, To: to, Body: text })
    return (await post(url, headers, body)).sid
  },
}
const infobip = {
  type: 'custom',
  id: 'infobip',
  send: async ({ from, to, text }) => {
    const headers = { authorization: `App ${INFOBIP_KEY}`, 'content-type': 'application/json' }
    const message = {
      sender: from.slice(1),
      destinations: [{ to: to.slice(1) }],
      content: { text },
    }
    const body = JSON.stringify({ messages: [message] })
    return (await post(`${INFOBIP_URL}/sms/3/messages`, headers, body)).messages[0].messageId
  },
}

const sdk = new notifme.default({
  channels: { sms: { multiProviderStrategy: 'fallback', providers: [twilio, infobip] } },
})

const worker = new Worker(
  'alerts',
  async ({ data }) => {
    const to = await redis.hget('phones', data.account_id)
    const text = `New login to Demo Exchange from ${data.city}, ${data.device_name}. Not you? https://exchange.example/lock/${data.session_id}`
    const sent = await sdk.send({ sms: { from: '+12025550100', to, text } })
    if (sent.status !== 'success') throw new Error(JSON.stringify(sent.errors))
  },
  { connection, concurrency: 50 },
)
worker.on('error', (error) => console.error(error))
await worker.waitUntilReady()
console.log('ready')
