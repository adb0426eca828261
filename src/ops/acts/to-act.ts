// An act as it is sent, by the API or by a form of the page → as it is done.

import type { ActRequest } from '../../api/act-requests.ts'
import type { Act } from './act.ts'

/** The field names of the wire → ours. */
export function toAct(request: ActRequest): Act {
  switch (request.act) {
    case 'order_provider':
    case 'trust_provider':
      return { ...request, country: request.country ?? null }
    case 'redrive_callback': {
      const { act, account_id: accountId, callback_id: callbackId, reason } = request
      return { act, accountId, callbackId, reason }
    }
    case 'redrive_callbacks': {
      const { act, since: sinceAt, from = null, reason } = request
      return { act, sinceAt, from, reason }
    }
    case 'redrive_dead_letters': {
      const { act, message_ids: messageIds = null, from = null, reason } = request
      return { act, messageIds, from, reason }
    }
    case 'resend_alert': {
      const { act, alert_id: alertId, reason } = request
      return { act, alertId, reason }
    }
    case 'undo_phone_mark': {
      const { act, account_id: accountId, reason } = request
      return { act, accountId, reason }
    }
    case 'move_slot':
      return { ...request, from: request.from ?? null }
    case 'stop_codes':
    case 'allow_codes':
      return request
  }
}
