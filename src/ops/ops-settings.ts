// The operator's settings: where incidents go, and who may see the pages.

import { optional, textLike, url } from '../lib/setting-kinds.ts'
import { setting, type ValuesOf } from '../lib/settings.ts'

const TOKEN_MIN_LENGTH = 32

export const OPS_SETTINGS = {
  webhookUrl: setting('OPS_WEBHOOK_URL', optional(url), {
    help: 'where [incidents](docs/operations.md#incidents) are posted, signed with `CALLBACK_SECRETS`',
  }),
  accessTeam: setting(
    'OPS_ACCESS_TEAM',
    optional(
      textLike(
        (given) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(given),
        'must be the name before .cloudflareaccess.com',
      ),
    ),
    {
      help: 'team of Cloudflare Access, the name before `.cloudflareaccess.com`; with `OPS_ACCESS_AUD` it opens `/ops` and `/metrics`',
    },
  ),
  accessAud: setting(
    'OPS_ACCESS_AUD',
    optional(
      textLike(
        (given) => /^[0-9a-f]{64}$/.test(given),
        'must be the 64 hexadecimal digits of the application’s audience tag',
      ),
    ),
    { help: 'audience tag of the Access application in front of `/ops`' },
  ),
  localToken: setting(
    'OPS_LOCAL_TOKEN',
    optional(
      textLike(
        (given) => given.length >= TOKEN_MIN_LENGTH && /^[A-Za-z0-9_-]+$/.test(given),
        `must have ${TOKEN_MIN_LENGTH} characters or more of A–Z, a–z, 0–9, _ and -`,
      ),
    ),
    {
      help: 'opens `/ops` to whoever has it; `npm start` makes one. Leave it out in production, where Access names who it was',
      isSecret: true,
    },
  ),
}

export type OpsSettings = ValuesOf<typeof OPS_SETTINGS>
