// What happened, as pages and notifications say it: with the accents that an SMS leaves out.

import type { ActivityKind } from './activity-words.ts'
import type { Language } from './language.ts'

export function activityOnPages(kind: ActivityKind, { activity }: Language): string {
  return activity.kindsOnPages?.[kind] ?? activity.kinds[kind]
}
