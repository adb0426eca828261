// The headers of Standard Webhooks that identify an event, in both directions.

/** Printable ASCII without blanks. */
export const WEBHOOK_ID = /^[\x21-\x7e]{1,256}$/
/** Seconds since 1970. */
export const WEBHOOK_TIMESTAMP = /^[1-9]\d{0,11}$/
