// Where a signing certificate or a confirmation link of SNS may be: on SNS's own host of the topic's
// region, or on the origin that stands in for AWS. Whoever gets another certificate past this rule can
// sign anything, so it compares whole hosts and matches none by pattern.

export type SnsTopic = { readonly arn: string; readonly host: string }

// FIFO topics (`….fifo`) deliver to queues only. https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html
const TOPIC_ARN =
  /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2,3}(?:-[a-z]+){1,3}-\d):\d{12}:[\w-]{1,256}$/

/** A topic and the host that SNS has in its region; null for any other text. */
export function parseTopicArn(arn: string): SnsTopic | null {
  const match = TOPIC_ARN.exec(arn)
  if (match === null) return null
  const [, partition, region = ''] = match
  return { arn, host: `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}` }
}

/**
 * The URL of a certificate, fit to be fetched, or null. One file in the root and no query: an API
 * that answers with a part of its query must not be talked into making a certificate.
 */
export function certificateUrl(text: string, topic: SnsTopic, localOrigin?: string): URL | null {
  const url = snsUrl(text, topic, localOrigin)
  return url !== null && url.search === '' && /^\/[\w-]{1,200}\.pem$/.test(url.pathname)
    ? url
    : null
}

/** The URL that confirms a subscription to `topic`, fit to be fetched, or null. */
export function confirmationUrl(text: string, topic: SnsTopic, localOrigin?: string): URL | null {
  const url = snsUrl(text, topic, localOrigin)
  const isConfirmation =
    url?.pathname === '/' &&
    url.searchParams.get('Action') === 'ConfirmSubscription' &&
    url.searchParams.get('TopicArn') === topic.arn
  return isConfirmation ? url : null
}

/** `origin` has neither user nor password in it, and names a port that is not the scheme's own. */
function snsUrl(text: string, topic: SnsTopic, localOrigin: string | undefined): URL | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  if (url.username !== '' || url.password !== '' || url.hash !== '') return null
  return url.origin === `https://${topic.host}` || url.origin === localOrigin ? url : null
}
